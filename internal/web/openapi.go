package web

import "github.com/danielgtaylor/huma/v2"

// about is what the API's document says of the whole.
const about = `Everything that a page can do. Sign in with POST /api/v1/sessions and send the token as
"Authorization: Bearer …". Failures are RFC 9457 problems that name the rule and what to do next.

Commands take an optional "role" (needed only where a person has several that fit) and, on batches, an optional
"version": the version of the batch that the decision was made on. If the batch has moved on the answer is 409.

Containers have a slash in their identifier (A999926000123/B00001); in an address it is written as a hyphen
(A999926000123-B00001). Values are text in their canonical form: "12.5", "<5.00", "2026-11-22T14:05:00Z".`

// document is the OpenAPI 3.1 document before its operations.
func document(version string) *huma.OpenAPI {
	if version == "" {
		version = "dev"
	}
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "rexbatch", Version: version, Description: about},
		Components: &huma.Components{
			Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			SecuritySchemes: map[string]*huma.SecurityScheme{"session": {Type: "http", Scheme: "bearer", Description: "Token of POST /api/v1/sessions"}},
		},
		Security: []map[string][]string{{"session": {}}},
	}
}
