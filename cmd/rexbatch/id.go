package main

import (
	"fmt"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/material"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
)

type idCommand struct {
	Check idCheckCommand `cmd:"" help:"Say what an identifier is and whether its check character holds."`
}

// Help implements kong's HelpProvider.
func (idCommand) Help() string { return "Example: rexbatch id check \"CH A9999 26 000123 G\"" }

type idCheckCommand struct {
	Text string `arg:"" help:"What a scanner sent, or what was typed. <GS> stands for the separator of GS1 codes."`
	JSON bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (idCheckCommand) Help() string {
	return "Reads scans of ISBT 128, of plants with identifiers of their own and of GS1, with or without the symbology identifier of the scanner, and " +
		"what a person types: Chain of Identity, donation, container, Single European Code, GS1 elements in brackets, batch and lot numbers. " +
		"A check character is never computed for an identifier that lacks it: it stands for having read the label. " +
		"Status 0 when the identifier may be taken, 1 when not, 2 for wrong use.\n\n" +
		"Example: rexbatch id check \"CH A9999 26 000123 G\"\n" +
		"Example: rexbatch id check \"]d2010950600013435210ABC<GS>17271231\""
}

// identified is the outcome of a check.
type identified struct {
	Text  string                     `json:"text"`
	Valid bool                       `json:"valid"`
	Is    *chainofcustody.Identified `json:"is,omitempty"` // nil when nothing fits
	Tried []chainofcustody.Attempt   `json:"tried"`
}

// Run checks one identifier.
func (c *idCheckCommand) Run(a *App) error {
	text := strings.ReplaceAll(c.Text, "<GS>", string(gs1.FNC1))
	if text == "" || len(text) > isbt128.MaxScan {
		return usage(fmt.Sprintf("an identifier has 1 to %d bytes, this text has %d", isbt128.MaxScan, len(text)), "rexbatch id check --help shows examples")
	}
	found, tried, ok := chainofcustody.Identify(text, append([]chainofcustody.Reader{{As: "batch number", Read: readBatchNumber}, {As: "lot number", Read: readLotNumber}}, chainofcustody.Readers()...))
	out := identified{Text: text, Tried: append([]chainofcustody.Attempt{}, tried...)}
	if ok {
		out.Valid, out.Is, out.Tried = found.Valid(), &found, []chainofcustody.Attempt{}
	}
	err := a.printIdentified(out, c.JSON)
	if err == nil && !out.Valid {
		err = errFault
	}
	return err
}

func (a *App) printIdentified(out identified, asJSON bool) error {
	if asJSON {
		return a.printJSON(out)
	}
	var b strings.Builder
	if out.Is == nil {
		fmt.Fprintf(&b, "%q is no identifier that is known here\n", out.Text)
		for _, t := range out.Tried {
			fmt.Fprintf(&b, "  not %s %s: %s\n", article(t.As), t.As, oneLine(t.Why))
		}
		return a.printf("%s", b.String())
	}
	is := out.Is
	fmt.Fprintf(&b, "%s %s (%s)\n", is.Kind, is.Value, is.Scheme)
	for _, p := range is.Parts {
		fmt.Fprintf(&b, "  %-22s %s\n", p.Name, p.Value)
	}
	if is.Symbology != "" {
		fmt.Fprintf(&b, "  %-22s %s\n", "symbology", is.Symbology)
	}
	fmt.Fprintf(&b, "  %-22s %s\n", "check character", checkLines[is.Check])
	return a.printf("%s", b.String())
}

// article is what stands before the name of a sort of identifier.
func article(name string) string {
	if strings.ContainsRune("aeioAEIO", rune(name[0])) {
		return "an"
	}
	return "a"
}

var checkLines = map[chainofcustody.CheckState]string{
	chainofcustody.Holds:      "holds",
	chainofcustody.Fails:      "does not hold: compare every character with the label",
	chainofcustody.NotGiven:   "missing: type it as well, it stands boxed at the end of the printed identifier",
	chainofcustody.NotDefined: "this identifier has none by its standard: compare it with a second person",
	chainofcustody.Carried:    "in the code that was scanned, whose symbology protects it",
}

func readBatchNumber(text string) (chainofcustody.Identified, error) {
	n, err := batch.ReadNumber(text)
	if err != nil {
		return chainofcustody.Identified{}, err
	}
	out := chainofcustody.Identified{
		Kind: "batch number", Scheme: "plant", Value: text, Typed: true, Check: chainofcustody.Holds,
		Parts: []chainofcustody.Piece{{Name: "plant", Value: n.Prefix}, {Name: "year", Value: "20" + n.Year}, {Name: "sequence", Value: n.Sequence}},
	}
	if !n.Holds {
		out.Check = chainofcustody.Fails
	}
	return out, nil
}

func readLotNumber(text string) (chainofcustody.Identified, error) {
	n, err := material.ParseNumber(text)
	if err != nil {
		return chainofcustody.Identified{}, err
	}
	return chainofcustody.Identified{Kind: "lot number", Scheme: "plant", Value: n.String(), Typed: true, Check: chainofcustody.Holds, Parts: []chainofcustody.Piece{}}, nil
}
