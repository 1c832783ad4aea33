const HEADERS = JSON.stringify({ authorization: 'Bearer PUT THE ACCESS TOKEN HERE' }, null, 2)

/** What GraphiQL begins with: the operations of a first conversation. */
export const EXAMPLE_TABS = [
  {
    query: `# Press play, and copy the accessToken
# into the other tabs' Headers, below.
# It is good for 15 minutes.
mutation SignIn($input: LoginInput!) {
  login(input: $input) {
    accessToken
    user { displayName }
  }
}
`,
    variables: JSON.stringify({ input: { login: 'tom', password: 'password123' } }, null, 2),
  },
  {
    query: `# Whom you talk to, the latest first.
query Chats {
  conversations(first: 20) {
    edges {
      node {
        id
        unreadCount
        lastMessage { seq content sender { displayName } }
      }
    }
  }
}
`,
    headers: HEADERS,
  },
  {
    query: `# Whatever is said to you, as it comes:
# leave it running while others write.
subscription Listen {
  inbox {
    type
    cursor
    message { seq content sender { username } }
  }
}
`,
    headers: HEADERS,
  },
  {
    query: `mutation Send($input: SendDirectMessageInput!) {
  sendDirectMessage(input: $input) {
    message { id seq content status }
  }
}
`,
    variables: JSON.stringify({ input: { to: { username: 'jerry' }, content: 'Hello, Jerry' } }, null, 2),
    headers: HEADERS,
  },
  {
    query: `mutation NewGroup($input: CreateGroupInput!) {
  createGroup(input: $input) {
    group { id name members { edges { node { role user { username } } } } }
  }
}
`,
    variables: JSON.stringify({ input: { name: 'The house' } }, null, 2),
    headers: HEADERS,
  },
]
