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

# listen <token> <subscription>: says when it listens, then prints each event
listen() {
  jq -n --arg query "$2" '{$query}' |
    curl -sN http://127.0.0.1:8080/graphql -H 'content-type: application/json' -H "authorization: Bearer $1" \
      -H 'accept: text/event-stream' -d @- |
    sed -un '1s/^:.*/Listening/p; s/^data: {/{/p'
}
