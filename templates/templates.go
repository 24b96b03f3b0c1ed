// Package templates holds embedded data and no logic: certificate wording, static files for the pages,
// and the fonts for paper. The rooms that use a file read and check it; nothing here is executed.
package templates

import "embed"

// Certificate is the fixed wording of the batch certificate, one JSON file per language (requirements 8.2).
//
//go:embed certificate/*.json
var Certificate embed.FS

// Record is the fixed wording of the executed batch record on paper, one JSON file per language.
//
//go:embed record/*.json
var Record embed.FS

// Static is what the server hands to browsers unchanged. Third-party files are in static/vendor with their
// versions, licences and hashes.
//
//go:embed static
var Static embed.FS

// Fonts are the TrueType fonts that documents on paper embed, with their licences.
//
//go:embed fonts
var Fonts embed.FS

// MBR are the master batch records, one YAML file per recipe (AT-3).
//
//go:embed mbr/*.yaml
var MBR embed.FS

// Specifications are the released limits, one YAML file per version.
//
//go:embed spec/*.yaml
var Specifications embed.FS

// Plants are the manufacturing sites, one YAML file each.
//
//go:embed plants/*.yaml
var Plants embed.FS

// Accountability is the statement that everybody accepts before the first signature, in each language of the
// product (CS-69).
//
//go:embed statement/accountability.txt
var Accountability string

// Pages are the HTML templates of the server-rendered pages.
//
//go:embed pages/*.html
var Pages embed.FS

// Lang is the wording of the pages: one folder per language, one JSON file for each part of the work.
//
//go:embed lang/*/*.json
var Lang embed.FS

// Labels are the layouts of labels, one YAML file each, and their wording, one JSON file for each language of a
// destination (requirements 2.8, 6.1).
//
//go:embed labels/*.yaml labels/*.json
var Labels embed.FS
