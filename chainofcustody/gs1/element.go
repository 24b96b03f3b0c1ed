package gs1

import (
	"fmt"
	"slices"
	"strings"
)

// FNC1 is what a reader sends for the function character that ends an element of no fixed length: GS.
const FNC1 = '\x1d'

// MaxScan is the longest text that is looked at, in bytes.
const MaxScan = 512

// Element is an application identifier and its value.
type Element struct{ AI, Value string }

// Message is what one code says.
type Message struct {
	Raw       string    // as it came from the device; evidence (I14)
	Symbology string    // AIM identifier of the reader, e.g. "]d2"; empty when the reader sends none, or when it was typed
	Elements  []Element // in the order of the code
}

// symbologies are the AIM identifiers by which a reader says that a code holds element strings: GS1-128, DataMatrix,
// DataBar and composite, QR, and DotCode.
var symbologies = []string{"]C1", "]d2", "]e0", "]Q3", "]J1"}

// Symbology tells whether a text begins with an AIM identifier of a code with element strings.
func Symbology(raw string) bool { return len(raw) >= 3 && slices.Contains(symbologies, raw[:3]) }

// ParseScan reads what a reader sent: an AIM identifier, which may be missing, and elements. FNC1 ends elements of no fixed
// length; one more at the beginning, as some readers send, is passed over. What a person types is refused here: see ParsePrinted.
func ParseScan(raw string) (Message, error) {
	err := bounded(raw)
	if err != nil {
		return Message{}, err
	}
	m := Message{Raw: raw}
	rest := raw
	if strings.HasPrefix(raw, "]") {
		if !Symbology(raw) {
			return Message{}, fail(CodeStructure, quote(raw)+" is not a code with GS1 elements")
		}
		m.Symbology, rest = raw[:3], raw[3:]
	}
	rest = strings.TrimPrefix(rest, string(FNC1))
	for rest != "" {
		ai, d, known := find(rest)
		if !known {
			return Message{}, fail(CodeUnknown, quote(rest)+" does not begin with an application identifier of the table")
		}
		var e Element
		e, rest, err = element(ai, rest)
		if err == nil {
			err = d.check(e)
		}
		if err != nil {
			return Message{}, err
		}
		m.Elements = append(m.Elements, e)
	}
	return m, rules(m.Elements)
}

// element splits off the element at the beginning of text.
func element(ai, text string) (Element, string, error) {
	if length, fixed := predefined[ai[:2]]; fixed {
		if len(text) < length {
			return Element{}, "", fail(CodeLength, fmt.Sprintf("(%s) ends before its %d characters", ai, length-len(ai)))
		}
		// A FNC1 behind an element of fixed length is not needed, but allowed.
		return Element{ai, text[len(ai):length]}, strings.TrimPrefix(text[length:], string(FNC1)), nil
	}
	value, rest, ended := strings.Cut(text[len(ai):], string(FNC1))
	if ended && rest == "" {
		return Element{}, "", fail(CodeStructure, "the code ends with a separator: it was cut short")
	}
	return Element{ai, value}, rest, nil
}

// ParsePrinted reads the form that is printed beneath a code and typed when the code cannot be read: every AI in brackets,
// "(01)09506000134352(10)A-1". A bracket with two to four digits in it begins an element, so a value cannot contain one.
func ParsePrinted(text string) (Message, error) {
	err := bounded(text)
	if err != nil {
		return Message{}, err
	}
	m := Message{Raw: text}
	rest := strings.TrimSpace(text)
	for rest != "" {
		ai, after, ok := bracket(rest)
		if !ok {
			return Message{}, fail(CodeStructure, quote(rest)+" does not begin with an application identifier in brackets")
		}
		d, known := definitions[ai]
		if !known {
			return Message{}, fail(CodeUnknown, "("+ai+") is not an application identifier of the table")
		}
		end := 0
		for end < len(after) {
			_, _, begins := bracket(after[end:])
			if begins {
				break
			}
			end++
		}
		e := Element{ai, strings.TrimSpace(after[:end])}
		err = d.check(e)
		if err != nil {
			return Message{}, err
		}
		m.Elements, rest = append(m.Elements, e), after[end:]
	}
	return m, rules(m.Elements)
}

func bracket(s string) (ai, rest string, ok bool) {
	end := strings.IndexByte(s, ')')
	if len(s) == 0 || s[0] != '(' || end < 3 || end > 5 {
		return "", "", false
	}
	for i := 1; i < end; i++ {
		if !digit(s[i]) {
			return "", "", false
		}
	}
	return s[1:end], s[end+1:], true
}

func bounded(text string) error {
	if text == "" || len(text) > MaxScan {
		return fail(CodeLength, fmt.Sprintf("the scan has %d bytes, 1 to %d are read", len(text), MaxScan))
	}
	return nil
}

// excluded are the AIs that cannot stand together; needs are those of which one must stand beside.
var (
	excluded = [][2]string{{"8017", "8018"}, {"01", "02"}, {"4330", "4331"}, {"4332", "4333"}, {"03", "01"}}
	needs    = map[string][]string{
		"21": {"01", "03", "8006"}, "17": {"01", "02", "03", "255", "8006", "8026"}, "7003": {"01", "02", "03"}, "7240": {"01", "8006"}, "7241": {"8017", "8018"},
		"8019": {"8017", "8018"}, "8008": {"01", "02", "03"}, "4324": {"00"}, "4325": {"00"}, "4331": {"00"}, "4333": {"00"},
		"7250": {"8018"}, "7253": {"8017", "8018"}, "7254": {"8017", "8018"}, "7256": {"8017", "8018"},
	}
)

// rules holds what elements say of one another (General Specifications section 4): no AI with two values, none together
// that exclude each other, none without the key that it describes.
func rules(elements []Element) error {
	if len(elements) == 0 {
		return fail(CodeStructure, "there is no element in the code")
	}
	values := map[string]string{}
	for _, e := range elements {
		before, twice := values[e.AI]
		if twice && before != e.Value {
			return fail(CodeTwice, fmt.Sprintf("(%s) has two values, %s and %s: two labels in one code", e.AI, quote(before), quote(e.Value)))
		}
		values[e.AI] = e.Value
	}
	for _, pair := range excluded {
		_, a := values[pair[0]]
		_, b := values[pair[1]]
		if a && b {
			return fail(CodeExcluded, fmt.Sprintf("(%s) and (%s) exclude each other", pair[0], pair[1]))
		}
	}
	for _, e := range elements {
		if of := needs[e.AI]; of != nil && !slices.ContainsFunc(of, func(ai string) bool { return values[ai] != "" }) {
			return fail(CodeExcluded, fmt.Sprintf("(%s) stands without (%s), which it describes", e.AI, strings.Join(of, ") or (")))
		}
	}
	return nil
}

// personal are the AIs that tell who a person is: they are read, never written (I12).
var personal = []string{"7250", "7251", "7252", "7253", "7254", "7255", "7256"}

// Encode is the data of a code: elements of fixed length first keep the code short, but the order is the caller's. The FNC1
// at the beginning of the symbol is the symbology's and not in the text. Elements that tell who a person is are refused.
func Encode(elements ...Element) (string, error) {
	var b strings.Builder
	for i, e := range elements {
		d, known := definitions[e.AI]
		if !known {
			return "", fail(CodeUnknown, "("+e.AI+") is not an application identifier of the table")
		}
		if slices.Contains(personal, e.AI) {
			return "", fail(CodeExcluded, "("+e.AI+") tells who a person is and is never written")
		}
		err := d.check(e)
		if err != nil {
			return "", err
		}
		b.WriteString(e.AI + e.Value)
		if _, fixed := predefined[e.AI[:2]]; !fixed && i < len(elements)-1 {
			b.WriteByte(FNC1)
		}
	}
	err := rules(elements)
	if err == nil {
		err = bounded(b.String())
	}
	if err != nil {
		return "", err
	}
	return b.String(), nil
}

// Print is the form to read and to type: every AI in brackets.
func Print(elements ...Element) string {
	var b strings.Builder
	for _, e := range elements {
		b.WriteString("(" + e.AI + ")" + e.Value)
	}
	return b.String()
}

// Value is that of an application identifier; false when the code has none.
func (m Message) Value(ai string) (string, bool) {
	for _, e := range m.Elements {
		if e.AI == ai {
			return e.Value, true
		}
	}
	return "", false
}

// GTIN is the trade item, AI (01); zero when there is none.
func (m Message) GTIN() GTIN { v, _ := m.Value("01"); return GTIN{v} }

// SSCC is the shipper, AI (00); zero when there is none.
func (m Message) SSCC() SSCC { v, _ := m.Value("00"); return SSCC{v} }

// Recipient is the patient's wristband, AI (8018); zero when there is none.
func (m Message) Recipient() GSRN { v, _ := m.Value("8018"); return GSRN{v} }

// Provider is the badge of a courier or nurse, AI (8017); zero when there is none.
func (m Message) Provider() GSRN { v, _ := m.Value("8017"); return GSRN{v} }
