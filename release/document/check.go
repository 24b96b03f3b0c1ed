package document

import (
	"fmt"
	"regexp"
	"time"
)

// ContentError says which part of a certificate is missing or contradicts another.
type ContentError struct {
	Field  string // name of the field, with its index in lists
	Reason string
}

// Error names the field and the reason.
func (e *ContentError) Error() string {
	return fmt.Sprintf("certificate content: %s %s", e.Field, e.Reason)
}

var (
	digest   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	codeWord = regexp.MustCompile(`^[^|]+$`)
)

// checker collects the first problem only.
type checker struct{ err error }

func (k *checker) that(ok bool, field, reason string) {
	if !ok && k.err == nil {
		k.err = &ContentError{Field: field, Reason: reason}
	}
}

func (k *checker) text(s, field string) { k.that(s != "", field, "is empty") }

func (k *checker) both(b Bilingual, field string) {
	k.text(b.English, field+" in English")
	k.text(b.Local, field+" in the second language")
}

func (k *checker) time(t time.Time, field string) { k.that(!t.IsZero(), field, "is missing") }

func (k *checker) digest(s, field string) {
	k.that(digest.MatchString(s), field, "is not a SHA-256 of 64 lower-case hexadecimal digits")
}

func (k *checker) signature(s SignatureBlock, field string) {
	k.text(s.Name, field+".Name")
	k.text(s.Username, field+".Username")
	k.text(string(s.Role), field+".Role")
	k.both(s.Meaning, field+".Meaning")
	k.time(s.At, field+".At")
	k.digest(s.Digest, field+".Digest")
}

// check refuses a certificate that is incomplete or says two things at once. Whether the batch may be
// certified is decided in release, not here.
func (c Certificate) check() error {
	var k checker
	k.text(c.Number, "Number")
	k.that(codeWord.MatchString(c.Number), "Number", "contains the separator of the Data Matrix")
	k.that(c.Version >= 1, "Version", "is below 1")
	k.that(c.Stage == StageInitial || c.Stage == StageFinal, "Stage", "is neither initial nor final")
	k.that(c.Stage != StageInitial || len(c.Pending) > 0, "Pending", "is empty, so the stage is not initial")
	k.that(c.Stage != StageFinal || len(c.Pending) == 0, "Pending", "is not empty, so the stage is not final")
	k.that(c.Version == 1 || c.Supersedes != "", "Supersedes", "is empty in a later version")
	k.both(c.Product, "Product")
	k.that(c.EUCT != "" || c.EudraCT != "", "EUCT", "and EudraCT are both empty")
	k.text(c.Protocol, "Protocol")
	k.both(c.Strength, "Strength")
	k.both(c.DosageForm, "DosageForm")
	k.both(c.Package, "Package")
	k.text(c.Batch, "Batch")
	k.time(c.Expiry, "Expiry")
	k.text(c.Manufacturer, "Manufacturer")
	k.text(c.Address, "Address")
	k.text(c.Authorisation, "Authorisation")
	k.bilinguals(c.Remarks, "Remarks")
	k.bilinguals(c.Relevant, "Relevant")
	k.signature(c.Certification, "Certification")
	k.that(c.Certification.Role == RoleQualifiedPerson, "Certification.Role", "is not the Qualified Person")
	k.text(c.CoI.Value, "CoI")
	k.text(c.CoI.Check, "CoI.Check")
	k.text(c.DIN.Value, "DIN")
	k.text(c.DIN.Check, "DIN.Check")
	k.text(c.Subject, "Subject")
	k.time(c.Manufactured, "Manufactured")
	k.both(c.Storage, "Storage")
	k.both(c.Destination, "Destination")
	k.text(c.Register, "Register")
	k.text(c.Specification.ID, "Specification.ID")
	k.text(c.Specification.Version, "Specification.Version")
	k.text(c.Recipe.ID, "Recipe.ID")
	k.text(c.Recipe.Version, "Recipe.Version")
	k.digest(c.RecipeDigest, "RecipeDigest")
	k.lists(c)
	k.digest(c.RecordDigest, "RecordDigest")
	k.text(c.LedgerCheckpoint.Origin, "LedgerCheckpoint.Origin")
	k.text(c.LedgerCheckpoint.Root, "LedgerCheckpoint.Root")
	k.that(c.LedgerCheckpoint.Size > 0, "LedgerCheckpoint.Size", "is 0")
	return k.err
}

func (k *checker) bilinguals(list []Bilingual, field string) {
	for i, b := range list {
		k.both(b, fmt.Sprintf("%s[%d]", field, i))
	}
}

func (k *checker) lists(c Certificate) {
	k.that(len(c.Sites) > 0, "Sites", "is empty")
	for i, s := range c.Sites {
		field := fmt.Sprintf("Sites[%d]", i)
		k.text(string(s.Task), field+".Task")
		k.text(s.Name, field+".Name")
		k.text(s.Address, field+".Address")
		k.text(s.Authorisation, field+".Authorisation")
	}
	// I11: whatever could tell the trial arm stays in the file of the Qualified Person.
	k.that(!c.Clinic || len(c.Results) == 0, "Results", "must not be in a clinic copy")
	k.that(!c.Clinic || len(c.Considered) == 0, "Considered", "must not be in a clinic copy")
	k.that(!c.Clinic || c.Record == nil, "Record", "must not be in a clinic copy")
	k.that(c.Clinic || len(c.Results) > 0, "Results", "is empty")
	for i, r := range c.Results {
		field := fmt.Sprintf("Results[%d]", i)
		k.both(r.Attribute, field+".Attribute")
		k.text(r.Method, field+".Method")
		k.text(r.Limit, field+".Limit")
		k.text(r.Value, field+".Value")
		k.text(string(r.Evaluation), field+".Evaluation")
	}
	for i, p := range c.Pending {
		field := fmt.Sprintf("Pending[%d]", i)
		k.both(p.Attribute, field+".Attribute")
		k.text(p.Method, field+".Method")
		k.text(p.Limit, field+".Limit")
		k.time(p.Due, field+".Due")
	}
	for i, e := range c.Considered {
		field := fmt.Sprintf("Considered[%d]", i)
		k.text(e.ID, field+".ID")
		k.text(string(e.Class), field+".Class")
		k.text(e.Subject, field+".Subject")
		k.text(e.Assessment, field+".Assessment")
	}
	k.that(len(c.PlantSignatures) > 0, "PlantSignatures", "is empty")
	for i, s := range c.PlantSignatures {
		k.signature(s, fmt.Sprintf("PlantSignatures[%d]", i))
	}
}
