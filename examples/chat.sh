# Shell functions to try the API with: . examples/chat.sh

# ask <token> <operation>: prints the data, or the errors
ask() {
  jq -n --arg query "$2" '{$query}' |
    curl -s http://127.0.0.1:8080/graphql -H 'content-type: application/json' -H "authorization: Bearer $1" -d @- |
    jq -c '.errors // .data'
}

# sign_in <username>: prints an access token
sign_in() {
  ask '' "mutation { login(input: {login: \"$1\", password: \"password123\"}) { accessToken } }" | jq -r .login.accessToken
}

# listen <token> <subscription>: prints each event, until it is interrupted or the server has nothing more to tell
listen() {
  jq -n --arg query "$2" '{$query}' |
    curl -sN http://127.0.0.1:8080/graphql -H 'content-type: application/json' -H "authorization: Bearer $1" \
      -H 'accept: text/event-stream' -d @- |
    sed -un 's/^data: {/{/p'
}
