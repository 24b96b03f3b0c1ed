package isbt128

import (
	"strings"
	"time"

	"rexbatch/chainofcustody/plantid"
)

// Scheme says by whose rules an identifier was made. Which one a plant issues is in its configuration; which one an
// identifier has is in the identifier.
type Scheme string

// The schemes of donations, Chains of Identity and containers.
const (
	NoScheme Scheme = ""
	ISBT128  Scheme = "isbt128" // facility number from ICCBBA, check character mod 37-2
	Plant    Scheme = "plant"   // a facility code of the plant's own, see package plantid
)

var (
	plantDINSets = plantSets("nnnnnnnn")
	plantCoISets = append(sets("CH"), plantSets("nnXXXXXX")...)
)

// plantSets are those of a facility code of a plant and what follows it, all of them characters with a value in its alphabet.
func plantSets(tail string) []func(byte) bool {
	result := sets("0X" + "XXX" + tail)
	for i, set := range result {
		result[i] = func(c byte) bool { return set(c) && plantid.In(c) && (i < 2 || i > 4 || letter(c)) }
	}
	return result
}

// ofPlant tells whether a text begins with the facility code of a plant.
func ofPlant(s string) bool { return len(s) >= 5 && plantid.IsFacility(s[:5]) }

// Scheme says who gives out the facility's identifiers.
func (f FIN) Scheme() Scheme {
	switch {
	case f.IsZero():
		return NoScheme
	case ofPlant(f.code):
		return Plant
	default:
		return ISBT128
	}
}

// Scheme is that of the facility that issued the number.
func (d DIN) Scheme() Scheme { return d.FIN().Scheme() }

// Scheme is that of the facility that issued the identifier.
func (c CoI) Scheme() Scheme { return c.FIN().Scheme() }

// Scheme is that of the donation.
func (c ContainerID) Scheme() Scheme { return c.din.Scheme() }

// readPlant reads the label of a plant: one to three of Chain of Identity, donation and division, in this order; on the
// label of a container also its expiry, where there is one, and its serial, and the canary behind the check character.
func (s *Scan) readPlant(text string) error {
	body, canary := strings.CutSuffix(text, Canary)
	parts, err := plantid.ParseLabel(body)
	if err != nil {
		if at := len(text) - len(Canary); at > 0 {
			_, garbled := plantid.ParseLabel(text[:at])
			if garbled == nil {
				return otherLayout(text[at:])
			}
		}
		return fail("ID-12", CodeCheck, "{text} is no label of a plant: {why}", "scan again; if it stays, set the container aside", "text", quote(text), "why", err.Error())
	}
	for _, part := range parts {
		err = s.takePart(text, part)
		if err != nil {
			return err
		}
	}
	switch {
	case s.Serial == 0 && (!s.Division.IsZero() || canary), s.Serial > 0 && s.CoI.IsZero():
		return noPart(text)
	case s.Serial > 0 && !canary:
		return otherLayout("")
	}
	return nil
}

func (s *Scan) takePart(text, part string) error {
	var err error
	switch {
	case s.Serial > 0:
		return noPart(text)
	case len(part) == 15 && s.CoI.IsZero() && s.DIN.IsZero() && s.Division.IsZero():
		s.CoI, err = ParseCoI(part)
	case len(part) == 13 && s.DIN.IsZero() && s.Division.IsZero():
		s.DIN, err = ParseDIN(part)
	case len(part) == 6 && !s.DIN.IsZero() && s.Division.IsZero():
		s.Division, err = NewDivision(part)
	case len(part) == 10 && !s.Division.IsZero() && s.Expiry == "":
		s.Expiry = part
		_, err = ParseExpiry005(part, time.UTC)
	case len(part) == 2 && !s.Division.IsZero() && digit(part[0]) && digit(part[1]) && part != "00":
		s.Serial = number(part)
	default:
		return noPart(text)
	}
	return err
}

func noPart(text string) error {
	return fail("ID-12", CodeStructure, "{text} has a part that no label has at this place, or lacks one", "scan the label of the container", "text", quote(text))
}
