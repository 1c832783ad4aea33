// Before anything else is loaded: graphql-js checks each object twice unless this is said.
process.env['NODE_ENV'] ??= 'production'
