package isbt128

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rexbatch/chainofcustody/gs1"
)

// A plant whose codes are those of GS1 says on its labels what the others say, as element strings:
//
//	(01) GTIN      of the treatment, the same for both arms
//	(7003)         expiry, where there is one: YYMMDDhhmm in the zone of the label
//	(10) batch
//	(21) container donation and division with their check character: 20 characters, which is all that (21) holds
//	(91) for the facility itself: Chain of Identity, then what ends every label of ours (see LabelContent)
//
// in this order and nothing else, so that a label is ours or it is not. The linear code is too narrow for that: it says
// (01) and (10), which names a batch and never a container. There is no (8017): no number of a provider is in the record.
const (
	aiGTIN, aiExpiry, aiBatch, aiContainer, aiOwn = "01", "7003", "10", "21", "91"

	coiLength = 15
	centuries = "20" // of the years on our labels
)

// elements is the label as element strings; empty for what must not be a label.
func (l LabelContent) elements() string {
	if !ourBatch(l.Batch) {
		return ""
	}
	e := []gs1.Element{l.GTIN.Element()}
	if l.Expiry != "" {
		local, err := ParseExpiry005(l.Expiry, time.UTC)
		if err != nil {
			return ""
		}
		e = append(e, gs1.ExpiryTime(local, time.UTC))
	}
	container := l.ID.din.code + l.ID.division.code + string(l.ID.Check())
	e = append(e, gs1.Element{AI: aiBatch, Value: l.Batch}, gs1.Element{AI: aiContainer, Value: container}, gs1.Element{AI: aiOwn, Value: fmt.Sprintf("%s%02d%s", l.CoI.code, l.Serial, Canary)})
	text, err := gs1.Encode(e...)
	if err != nil {
		return ""
	}
	return text + string(mustCheck(ISBT128, alphanumerics(text)))
}

// Linear is what the linear code says: the donation, or, in the codes of GS1, trade item and batch. It never names a container,
// whose serial only the Data Matrix has.
func (l LabelContent) Linear() string {
	if l.GTIN.IsZero() {
		return l.ID.din.LabelChecked()
	}
	text, err := gs1.Encode(l.GTIN.Element(), gs1.Element{AI: aiBatch, Value: l.Batch})
	if err != nil {
		return ""
	}
	return text
}

// Readable are the elements as they stand in print beneath the codes, a blank between them, without what is for machines only.
// Empty in another coding.
func (l LabelContent) Readable() string {
	m, err := gs1.ParseScan(l.String())
	if l.GTIN.IsZero() || err != nil {
		return ""
	}
	var out []string
	for _, e := range m.Elements {
		if e.AI != aiOwn {
			out = append(out, gs1.Print(e))
		}
	}
	return strings.Join(out, " ")
}

// holdsElements tells whether a text is a code of GS1: it has separators, or a symbology of GS1 before digits. A structure of
// ISBT 128 never begins with a digit.
func holdsElements(raw string) bool {
	return strings.ContainsRune(raw, gs1.FNC1) || gs1.Symbology(raw) && len(raw) > 3 && digit(raw[3])
}

// readElements reads a label of ours in the codes of GS1. Any other code of GS1, such as a supplier's, is none.
func (s *Scan) readElements(raw string) error {
	m, err := gs1.ParseScan(raw)
	var broken *gs1.Error
	switch {
	case errors.As(err, &broken) && broken.Code == gs1.CodeCheck:
		return fail("GS1", CodeCheck, "{why}", "scan again; if it stays, set the container aside", "why", broken.What)
	case err != nil:
		return fail("GS1", CodeStructure, "{text} is not a code of GS1: {why}", "scan the code beside the chain of identity", "text", quote(raw), "why", err.Error())
	}
	var order []string
	for _, e := range m.Elements {
		order = append(order, e.AI)
	}
	s.Symbology, s.GTIN = m.Symbology, m.GTIN()
	s.Batch, _ = m.Value(aiBatch)
	if !ourBatch(s.Batch) {
		return unknownStructure(raw)
	}
	switch strings.Join(order, " ") {
	case "01 10":
		return nil
	case "01 10 21 91", "01 7003 10 21 91":
		return s.takeElements(raw, m)
	}
	return unknownStructure(raw)
}

func (s *Scan) takeElements(raw string, m gs1.Message) error {
	container, _ := m.Value(aiContainer)
	own, _ := m.Value(aiOwn)
	text := strings.TrimPrefix(strings.TrimPrefix(raw, s.Symbology), string(gs1.FNC1))
	body := text[:len(text)-1]
	if len(own) != coiLength+ownLength || len(container) != 20 {
		return unknownStructure(raw)
	}
	tail := own[coiLength:]
	if got := tail[2 : ownLength-1]; got != Canary {
		return otherLayout(got)
	}
	if text[len(body)] != mustCheck(ISBT128, alphanumerics(body)) {
		return fail(ownRule, CodeCheck, "the check character of the label does not fit: a character was lost or changed", "scan again; if it stays, print the label anew", "text", quote(raw))
	}
	s.Serial = number(tail[:2])
	if !digit(tail[0]) || !digit(tail[1]) || s.Serial == 0 {
		return badCharacter(ownRule, tail, 0)
	}
	id, err := ParseContainerIDKeyed(container)
	if err != nil {
		return err
	}
	s.DIN, s.Division = id.din, id.division
	s.CoI, err = ParseCoI(own[:coiLength])
	if err != nil {
		return err
	}
	if expiry, ok := m.Value(aiExpiry); ok {
		local, err := time.ParseInLocation("200601021504", centuries+expiry, time.UTC)
		if err != nil {
			return noSuchTime(expiry)
		}
		s.Expiry = Expiry005(local, time.UTC)
	}
	return nil
}

// ourBatch tells whether a lot is built like the number of a batch, and its check character holds: a supplier's lot hardly ever is.
func ourBatch(lot string) bool {
	letters := len(lot) - len(strings.TrimLeft(lot, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	if letters < 1 || letters > 6 || len(lot) != letters+8 || strings.Trim(lot[letters:len(lot)-1], "0123456789") != "" {
		return false
	}
	check, err := CheckCharacter(lot[:len(lot)-1])
	return err == nil && lot[len(lot)-1] == check
}
