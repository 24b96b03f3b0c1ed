package mbr

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Fault is something that is wrong with a recipe, at its place in the file.
type Fault struct {
	Line     int      `json:"line"`   // from 1
	Column   int      `json:"column"` // in characters, from 1
	Length   int      `json:"length"` // in characters
	Severity Severity `json:"severity"`
	Stands   Stand    `json:"stands,omitempty"` // against what; empty for a warning
	Code     string   `json:"code"`             // "MBR104": stable, see docs/recipe.md
	What     string   `json:"what"`
	Fix      string   `json:"fix"`
}

// Severity says how much a fault weighs.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the recipe cannot be approved
	Warning Severity = "warning" // a reviewer looks at it
)

// Stand is what an error stands against.
type Stand string

// What errors stand against. A version that is pinned by a batch is executed to the end by whatever rules it was
// approved under (AT-5), so only what cannot be executed at all keeps it from being loaded.
const (
	AgainstExecution Stand = "execution" // Load refuses the file
	AgainstApproval  Stand = "approval"  // Load reads the file, a new version with it is not approved
)

// maxFaults bounds how many faults one reading reports.
const maxFaults = 200

// Error says place, code and what is wrong in one line.
func (f Fault) Error() string {
	return fmt.Sprintf("%d:%d: %s %s: %s", f.Line, f.Column, f.Severity, f.Code, f.What)
}

// width is how much of a line of the file is shown with a fault.
const width = 120

// Show is the fault as an author reads it: the place, what is wrong, the line with a mark under the part, and what to do.
func (f Fault) Show(name string, file []byte) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s:%s\n", name, f.Error())
	lines := strings.Split(string(file), "\n")
	if f.Line >= 1 && f.Line <= len(lines) {
		line, column := cropped([]rune(strings.TrimSuffix(lines[f.Line-1], "\r")), f.Column, f.Length)
		gutter := fmt.Sprintf("%7d | ", f.Line)
		mark := strings.Repeat("^", max(1, min(f.Length, len([]rune(line))-column+1)))
		fmt.Fprintf(&s, "%s%s\n%s| %s%s\n", gutter, line, strings.Repeat(" ", len(gutter)-2), strings.Repeat(" ", max(0, column-1)), mark)
	}
	if f.Fix != "" {
		fmt.Fprintf(&s, "    fix: %s\n", f.Fix)
	}
	return s.String()
}

// cropped cuts a long line to the part around the fault, without control characters, and gives the column in what is left.
func cropped(line []rune, column, length int) (string, int) {
	for i, r := range line {
		if unicode.IsControl(r) {
			line[i] = ' '
		}
	}
	from := 0
	if len(line) > width && column+length > width {
		from = max(0, min(column-1-width/4, len(line)-width))
	}
	to := min(len(line), from+width)
	text := string(line[from:to])
	if to < len(line) {
		text += "…"
	}
	if from > 0 {
		return "…" + text, column - from + 1
	}
	return text, column
}

// sorted puts faults in order of their places, once each, and cuts what is beyond the bound.
func sorted(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code), cmp.Compare(a.What, b.What))
	})
	faults = slices.Compact(faults)
	if len(faults) <= maxFaults {
		return faults
	}
	cut := faults[maxFaults-1:]
	more := cut[0]
	for _, f := range cut {
		if f.weight() > more.weight() {
			more.Severity, more.Stands = f.Severity, f.Stands
		}
	}
	more.Code, more.What, more.Fix = tooManyFaults, fmt.Sprintf("%d more faults are not shown", len(cut)), "mend those above first"
	return append(faults[:maxFaults-1:maxFaults-1], more)
}

// weight orders faults by what they stand against.
func (f Fault) weight() int {
	return slices.Index([]Stand{"", AgainstApproval, AgainstExecution}, f.Stands)
}
