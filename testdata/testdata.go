// Package testdata carries the made-up scenarios into the program: the demonstration plays them.
package testdata

import "embed"

// Scenarios are the batches that `rexbatch demo` and `rexbatch run` play, one YAML file each.
//
//go:embed scenarios/*.yaml
var Scenarios embed.FS

// Plants are profiles that only tests open, beside those of templates.
//
//go:embed plants/*.yaml
var Plants embed.FS
