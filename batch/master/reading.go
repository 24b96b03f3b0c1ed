package master

import (
	"strconv"
	"strings"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
)

// MaxFile is how large the file of a master batch record may be, in bytes.
const MaxFile = 4 << 20

// Reading is what a file says, and what is wrong with it.
type Reading struct {
	ID
	File   []byte
	Recipe *mbr.Recipe // nil when it cannot be executed
	Faults []mbr.Fault // errors and warnings, in order of their places
	Unfit  string      // why it does not go with the specification in force; empty when it does
}

// Read compiles a file. With a specification it is held against it: every released limit has to find its field. The
// refusal is for a file of which not even recipe and version can be read, or that is too large.
func Read(file []byte, spec *qc.Specification) (Reading, error) {
	if len(file) == 0 || len(file) > MaxFile {
		return Reading{}, ledger.Refuse(ledger.Invalid, "DI-8", "master-size", "a master batch record file has 1 to {most} bytes, this one has {size}", "choose the right file", "most", strconv.Itoa(MaxFile), "size", strconv.Itoa(len(file)))
	}
	r := Reading{File: file}
	r.Recipe, r.Faults = mbr.Compile(file)
	if r.Recipe != nil {
		r.ID = ID{r.Recipe.ID, r.Recipe.Version}
		if spec != nil {
			r.Unfit = fault(mbr.CheckSpecification(r.Recipe, spec))
		}
		return r, nil
	}
	var ok bool
	r.ID.Recipe, r.ID.Number, ok = mbr.Head(file)
	if !ok {
		first := "no recipe and no version are written in it"
		if len(r.Faults) > 0 {
			first = r.Faults[0].Error()
		}
		return Reading{}, ledger.Refuse(ledger.Invalid, "AT-3", "master-unreadable", "the file cannot be read as a master batch record ({fault})", "mend it, then upload it again", "fault", legible(first))
	}
	return r, nil
}

func fault(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// content is the file as entries name it.
func (r Reading) content() Content {
	c := Content{File: ledger.DigestOf(r.File), Size: len(r.File)}
	for _, f := range r.Faults {
		if f.Severity == mbr.Error {
			c.Errors++
		} else {
			c.Warnings++
		}
	}
	return c
}

// ready refuses a version that has an error, or that does not go with the specification (AT-3).
func (r Reading) ready() error {
	var rs ledger.Refusals
	for _, f := range r.Faults {
		if f.Severity == mbr.Error {
			rs = append(rs, ledger.Refuse(ledger.Unmet, "AT-3", "master-faults", "{recipe} version {version} has errors ({n}), the first one: {fault}", "mend the file and upload it again; the version's page lists all of them",
				"recipe", r.ID.Recipe, "version", strconv.Itoa(r.Number), "n", strconv.Itoa(r.content().Errors), "fault", legible(f.Error())))
			break
		}
	}
	if r.Unfit != "" {
		rs = append(rs, ledger.Refuse(ledger.Unmet, "AT-33", "master-unfit", "{recipe} version {version} does not go with the specification in force: {fault}", "keep every field that the specification judges, or change the specification first",
			"recipe", r.ID.Recipe, "version", strconv.Itoa(r.Number), "fault", legible(r.Unfit)))
	}
	return rs.Err()
}

// maxQuoted is how much of a file's own words a message repeats.
const maxQuoted = 400

// legible makes words of a file safe to show in a message: one line, bounded.
func legible(text string) string {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "·")), " "))
	if len(runes) > maxQuoted {
		runes = append(runes[:maxQuoted], '…')
	}
	for i, r := range runes {
		if r < ' ' {
			runes[i] = '·'
		}
	}
	return string(runes)
}
