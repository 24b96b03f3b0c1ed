package epcis

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// Namespace begins the names of things that have none in GS1's schemes: identities of ISBT 128 and of plants.
const Namespace = "urn:rexbatch:"

// CoI is the name of a therapy event.
func CoI(c isbt128.CoI) string { return Namespace + "coi:" + c.String() }

// Donation is the name of a donation.
func Donation(d isbt128.DIN) string { return Namespace + "din:" + d.String() }

// Container is the name of a container.
func Container(id string) string { return Namespace + "container:" + id }

// Batch is the name of a batch.
func Batch(number string) string { return Namespace + "batch:" + number }

// Lot is the name of a lot of a material.
func Lot(number string) string { return Namespace + "lot:" + number }

// Certificate is the name of a certificate of a Qualified Person.
func Certificate(number string) string { return Namespace + "certificate:" + number }

// Site is the name of a plant.
func Site(site string) string { return Namespace + "site:" + site }

// box is the name of a transport box: its SSCC as a GS1 Digital Link where it has one. A box whose code is none has the name of its shipment.
func box(code, shipment string) string {
	if _, err := gs1.ParseSSCC(code); err == nil {
		return "https://id.gs1.org/00/" + code
	}
	return Namespace + "box:" + token(code, shipment)
}

// party is who holds custody: a side, of a plant where it is one. The person stands in the record, not here.
func party(side, site string) string {
	if site == "" {
		return Namespace + "party:" + side
	}
	return Namespace + "party:" + side + ":" + site
}

// entry is the name of an entry in a plant's ledger, of which a proof can be asked there.
func entry(site string, seq uint64) string { return fmt.Sprintf("%sentry:%s:%d", Namespace, site, seq) }

// raw is the name of bytes by their digest (RFC 6920).
func raw(d ledger.Digest) string {
	return "ni:///sha-256;" + base64.RawURLEncoding.EncodeToString(d[:])
}

var tokens = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// token is a code that a person may have typed, where it is one; a text that is none does not leave the plant (I12).
func token(code, instead string) string {
	if tokens.MatchString(code) {
		return code
	}
	return instead
}

// withheld stands for a seal number that is no code.
const withheld = "withheld"

func sealList(seals []string) []string {
	var out []string
	for _, s := range seals {
		out = append(out, token(s, withheld))
	}
	return out
}

// names are the kinds of name in the namespace, and what each has to be.
var names = map[string]func(string) bool{
	"coi":         func(s string) bool { _, err := isbt128.ParseCoI(s); return err == nil },
	"din":         func(s string) bool { _, err := isbt128.ParseDIN(s); return err == nil },
	"container":   func(s string) bool { _, err := isbt128.ParseContainerID(s); return err == nil },
	"batch":       plain,
	"lot":         plain,
	"certificate": plain,
	"shipment":    shipmentName,
	"lane":        plain,
	"site":        plain,
	"box":         isToken,
	"logger":      isToken,
	"party":       func(s string) bool { return parties.MatchString(s) },
	"place":       func(s string) bool { return places.MatchString(s) },
	"entry":       func(s string) bool { return entries.MatchString(s) },
	"phone-event": func(s string) bool { return digests.MatchString(s) },
	"formula":     plain,
	"step": func(s string) bool {
		return s == "freezing" || s == "thawing" || s == "taking-sample" || s == "acknowledging"
	},
	"method": func(s string) bool { return s == "device" },
}

var (
	codes   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._*-]{0,63}$`)
	parties = regexp.MustCompile(`^(hospital|courier|plant)(:[A-Z]{2}-[A-Z0-9]{2,5})?$`)
	places  = regexp.MustCompile(`^SHP-[A-Z0-9*-]{4,28}:(from|to)$`)
	entries = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{2,5}:[0-9]{1,19}$`)
	digests = regexp.MustCompile(`^[0-9a-f]{64}$`)
	ships   = regexp.MustCompile(`^SHP-[A-Z0-9*-]{4,28}$`)
	blobs   = regexp.MustCompile(`^ni:///sha-256;[A-Za-z0-9_-]{43}$`)
	ids     = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	offsets = regexp.MustCompile(`^[+-](0[0-9]|1[0-4]):[0-5][0-9]$`)
	numbers = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,12})?$`)
)

func plain(s string) bool        { return codes.MatchString(s) }
func isToken(s string) bool      { return tokens.MatchString(s) }
func shipmentName(s string) bool { return ships.MatchString(s) }

// isName tells whether a text is a name of one of the kinds.
func isName(text string, kinds ...string) bool {
	rest, ok := strings.CutPrefix(text, Namespace)
	if !ok {
		sscc, linked := strings.CutPrefix(text, "https://id.gs1.org/00/")
		_, err := gs1.ParseSSCC(sscc)
		return linked && err == nil && contains(kinds, "box")
	}
	kind, value, _ := strings.Cut(rest, ":")
	holds, known := names[kind]
	return known && contains(kinds, kind) && holds(value)
}

func contains(all []string, one string) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}
