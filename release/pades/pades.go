// Package pades signs and verifies the PDF documents that this program writes,
// as PAdES baseline signatures of level B-B (ETSI EN 319 142-1, clause 6), on
// the standard library alone.
//
// What holds:
//   - A signature is an incremental update (ISO 32000-1, 7.5.6): no byte that
//     was there before is changed, so the bytes that went in are the beginning
//     of the bytes that come out.
//   - [Verify] does not stop at "the digest is right". A later increment that
//     replaces a page leaves an earlier signature mathematically valid, and
//     common viewers say so; here every later increment may only do what
//     signing needs, and everything else is refused by object and revision.
//   - Only files of one narrow form are read: classic cross-reference tables,
//     no object streams, no encryption, no bytes between objects, every object
//     in exactly one table. What two viewers could read in two ways is refused.
//
// A signature field that was added after an earlier signature is allowed and
// reported as such: its box may lie over what was signed before. Use [Prepare] to
// place all boxes first.
//
// What it does not do: no time stamp (level B-T), no revocation data (B-LT),
// no repair of damaged files, no files of other programs. The time of signing
// is therefore what the signer claims. That a file was rolled back to an earlier,
// rightly signed revision cannot be seen in the file; compare its SHA-256, which
// [Report] carries, with the one kept when it was issued.
//
// Compatibility: what a past release signed must verify with every later one.
package pades

import "errors"

// Limits. They are far above what a batch record needs and keep a hostile file
// from costing more than its size.
const (
	maxFile      = 32 << 20
	maxRevisions = 32
	maxObjects   = 100_000
	maxValues    = 2_000_000
	maxDepth     = 32
	maxFields    = 32
	maxPages     = 5000
	maxKeys      = 4096 // of one dictionary
	maxText      = 512
)

// Errors that callers tell apart with errors.Is. Every message says what to do
// or what was found; the cause is wrapped.
var (
	// ErrTooLarge: a file of more than 32 MiB, or one with too many parts.
	ErrTooLarge = errors.New("pades: file too large")
	// ErrUnreadable: not a PDF of the narrow form that this package reads.
	ErrUnreadable = errors.New("pades: not a PDF of the expected form")
	// ErrField: the field's name, page or box cannot be used.
	ErrField = errors.New("pades: signature field")
	// ErrFieldSigned: the field already carries a signature.
	ErrFieldSigned = errors.New("pades: field is already signed")
	// ErrAppearance: the visible part is missing or cannot be imported.
	ErrAppearance = errors.New("pades: appearance")
	// ErrSigner: key or certificate cannot make a signature that Verify accepts.
	ErrSigner = errors.New("pades: signer")
	// ErrOption: another option of the signature is unusable.
	ErrOption = errors.New("pades: signature option")
	// ErrNoRoom: the CMS does not fit into the fixed 16 KiB of /Contents.
	ErrNoRoom = errors.New("pades: signature does not fit into 16 KiB")
	// ErrCertified: an earlier signature permits no further one.
	ErrCertified = errors.New("pades: document is certified against changes")
	// ErrRefused: verification found at least one [Fault].
	ErrRefused = errors.New("pades: refused")
	// ErrDemoCA: the demonstration authority's files are unusable.
	ErrDemoCA = errors.New("pades: demo CA")
)
