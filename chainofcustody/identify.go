package chainofcustody

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
)

// CheckState says what a check character told of an identifier.
type CheckState string

// What a check character can tell. Only Holds, Carried and NotDefined let an identifier stand.
const (
	Holds      CheckState = "holds"
	Fails      CheckState = "fails"
	NotGiven   CheckState = "not given"    // the identifier has one, and it was left off
	NotDefined CheckState = "has none"     // the identifier has none by its standard, e.g. a Single European Code
	Carried    CheckState = "carried code" // a scanned code, which the symbology protects
)

// Piece is a part of an identifier and what it is called.
type Piece struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Identified is what a text turned out to be.
type Identified struct {
	Kind      string     `json:"kind"`   // English: "chain of identity"
	Scheme    string     `json:"scheme"` // "isbt128", "plant", "gs1", "sec"
	Value     string     `json:"value"`  // the stored form
	Symbology string     `json:"symbology,omitempty"`
	Typed     bool       `json:"typed"` // keyed with its check character, not read by a device
	Parts     []Piece    `json:"parts"`
	Check     CheckState `json:"check"`
}

// Valid tells whether the identifier may be taken as it is: its check character holds, or it is one that needs none (ID-12).
func (i Identified) Valid() bool {
	return i.Check == Holds || i.Check == NotDefined || i.Check == Carried
}

// Attempt is a reading of a text that did not fit, and why.
type Attempt struct {
	As  string `json:"as"`
	Why string `json:"why"`
}

// Reader reads a text as one sort of identifier. The error says why it is none.
type Reader struct {
	As   string
	Read func(text string) (Identified, error)
}

// Readers read what patient material and its logistics carry, the most specific first: scanned codes, then what is typed with
// a check character, then stored forms without one.
func Readers() []Reader {
	return []Reader{
		{"Single European Code", readSEC},
		{"label of ISBT 128 or of a plant", readLabel},
		{"GS1 element string", readElements},
		{"GS1 key", readKey},
		{"identifier without its check character", readStored},
	}
}

// Identify says what a text is, by the first reader that takes it, and what was tried before. The text is not normalised: what
// a scanner sent is what is judged.
func Identify(text string, readers []Reader) (Identified, []Attempt, bool) {
	var tried []Attempt
	for _, r := range readers {
		found, err := r.Read(text)
		if err == nil {
			return found, tried, true
		}
		tried = append(tried, Attempt{r.As, err.Error()})
	}
	return Identified{}, tried, false
}

var errNoContainer = errors.New("it names a batch and no container")

func readLabel(text string) (Identified, error) {
	s, err := isbt128.ParseScan(text)
	if err == nil && s.CoI.IsZero() && s.Batch != "" {
		err = errNoContainer // elements that every reader of GS1 knows
	}
	if err != nil {
		found, wrong := mistyped(text)
		if wrong {
			return found, nil
		}
		return Identified{}, err
	}
	out := Identified{Symbology: s.Symbology, Typed: s.Typed, Check: Carried}
	if s.Typed || strings.HasPrefix(strings.TrimPrefix(text, s.Symbology), "RB:") || s.Serial > 0 || s.Flag >= "60" {
		out.Check = Holds
	}
	if !s.CoI.IsZero() {
		out.add("chain of identity", s.CoI.Scheme(), s.CoI.String())
		out.part("facility", s.CoI.FIN().String())
	}
	if !s.DIN.IsZero() {
		out.add("donation", s.DIN.Scheme(), s.DIN.String())
		out.part("facility", s.DIN.FIN().String())
		out.part("flag", s.Flag)
	}
	if !s.Division.IsZero() {
		out.add("division", isbt128.ISBT128, s.Division.String())
	}
	if id := s.ContainerID(); !id.IsZero() {
		out.Kind, out.Scheme, out.Value = "container", string(id.Scheme()), id.String()
	}
	if !s.Product.IsZero() {
		out.add("product code", isbt128.ISBT128, s.Product.String())
		out.part("product class", s.Product.Class())
		if s.Product.Autologous() {
			out.part("collection", "for autologous use only")
		}
	}
	if !s.SEC.IsZero() {
		out.add("Single European Code", isbt128.ISBT128, s.SEC.String())
	}
	if s.Expiry != "" {
		out.add("expiry", isbt128.ISBT128, s.Expiry)
	}
	out.part("batch", s.Batch)
	out.part("trade item", s.GTIN.String())
	if s.Serial > 0 {
		out.part("serial of the label", fmt.Sprint(s.Serial))
	}
	for _, other := range s.Structures {
		if known := []string{"&/", "=", "=,", "=<", "&>", "&,4", "&z"}; !slices.Contains(known, other.Identifier) {
			out.add("structure "+other.Identifier, isbt128.ISBT128, other.Data)
		}
	}
	return out, nil
}

// mistyped recognises a typed identifier whose check character does not fit: it is known for what it is, and refused.
func mistyped(text string) (Identified, bool) {
	plain := strings.NewReplacer(" ", "", "/", "").Replace(text)
	if len(plain) < 2 {
		return Identified{}, false
	}
	found, err := readStored(plain[:len(plain)-1])
	if err != nil && len(plain) == 20 {
		found, err = readStored(plain[:13] + "/" + plain[13:19])
	}
	if err != nil {
		return Identified{}, false
	}
	found.Check, found.Typed = Fails, true
	return found, true
}

func readStored(text string) (Identified, error) {
	out := Identified{Check: NotGiven}
	if coi, err := isbt128.ParseCoI(text); err == nil {
		out.add("chain of identity", coi.Scheme(), text)
		out.part("facility", coi.FIN().String())
		return out, nil
	}
	if id, err := isbt128.ParseContainerID(text); err == nil {
		out.add("container", id.Scheme(), text)
		out.part("donation", id.DIN().String())
		out.part("division", id.Division().String())
		return out, nil
	}
	din, err := isbt128.ParseDIN(text)
	if err != nil {
		return Identified{}, fmt.Errorf("neither 15 characters of a chain of identity, nor 13 of a donation, nor a container: %w", err)
	}
	out.add("donation", din.Scheme(), text)
	out.part("facility", din.FIN().String())
	return out, nil
}

func readSEC(text string) (Identified, error) {
	sec, err := isbt128.ParseSECPrinted(text)
	if err != nil && len(text) == 40 {
		sec, err = isbt128.ParseSEC(text)
	}
	if err == nil {
		out := Identified{Kind: "Single European Code", Scheme: "sec", Value: sec.String(), Check: NotDefined}
		out.donation(sec.Donation())
		expiry := "none"
		if day, ok := sec.Product().Expiry(); ok {
			expiry = day.Format("2006-01-02")
		}
		out.Parts = append(out.Parts, Piece{"coding system", string(sec.Product().System())}, Piece{"product", sec.Product().Product()},
			Piece{"split", sec.Product().Split()}, Piece{"expiry", expiry})
		return out, nil
	}
	sequence, alone := isbt128.ParseDonationSequence(strings.TrimPrefix(text, "SEC "))
	if alone != nil {
		return Identified{}, err
	}
	out := Identified{Kind: "donation identification sequence", Scheme: "sec", Value: sequence.String(), Check: NotDefined}
	out.donation(sequence)
	return out, nil
}

func (i *Identified) donation(d isbt128.DonationSequence) {
	i.Parts = append(i.Parts, Piece{"country", d.Country()}, Piece{"tissue establishment", d.Establishment()}, Piece{"donation", d.Donation()})
}

func readElements(text string) (Identified, error) {
	parse := gs1.ParseScan
	if strings.HasPrefix(strings.TrimSpace(text), "(") {
		parse = gs1.ParsePrinted
	} else if !gs1.Symbology(text) && !strings.Contains(text, string(gs1.FNC1)) {
		return Identified{}, &gs1.Error{Code: gs1.CodeStructure, What: "neither the symbology identifier of a GS1 code, nor a separator, nor an application identifier in brackets"}
	}
	m, err := parse(text)
	if err != nil {
		return Identified{}, err
	}
	out := Identified{Kind: "element string", Scheme: "gs1", Value: gs1.Print(m.Elements...), Symbology: m.Symbology, Typed: m.Symbology == "", Check: Holds}
	for _, e := range m.Elements {
		out.part("("+e.AI+") "+gs1.Title(e.AI), e.Value)
	}
	return out, nil
}

// keysByLength are the GS1 keys that a bare run of digits can be.
var keysByLength = map[int]string{8: "GTIN-8", 12: "GTIN-12", 13: "GTIN-13 or GLN", 14: "GTIN", 18: "SSCC or GSRN"}

func readKey(text string) (Identified, error) {
	kind, ok := keysByLength[len(text)]
	if !ok || strings.Trim(text, "0123456789") != "" {
		return Identified{}, &gs1.Error{Code: gs1.CodeLength, What: "not 8, 12, 13, 14 or 18 digits"}
	}
	out := Identified{Kind: kind, Scheme: "gs1", Value: text, Typed: true, Check: Holds}
	want, err := gs1.CheckDigit(text[:len(text)-1])
	if err != nil {
		return Identified{}, err
	}
	if text[len(text)-1] != want {
		out.Check = Fails
	}
	return out, nil
}

// add names a part; the first one says what the whole is, unless it says so itself.
func (i *Identified) add(name string, scheme isbt128.Scheme, value string) {
	if i.Kind == "" {
		i.Kind, i.Scheme, i.Value = name, string(scheme), value
	}
	i.part(name, value)
}

func (i *Identified) part(name, value string) {
	if value != "" {
		i.Parts = append(i.Parts, Piece{name, value})
	}
}
