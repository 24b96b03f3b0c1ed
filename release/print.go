package release

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release/document"
	"rexbatch/release/pades"
)

// issue is everything that one certificate is made from.
type issue struct {
	number     string
	register   uint64
	checkpoint []byte
	batch      *batch.Batch
	event      *chainofcustody.TherapyEvent
	signature  people.Signature
	at         time.Time
	earlier    []string // numbers of the certificates that this one replaces, oldest first
}

// supersedes names the certificate that this one replaces; empty for the first of a batch.
func (c issue) supersedes() string {
	if len(c.earlier) == 0 {
		return ""
	}
	return fmt.Sprintf("%s / %d", c.earlier[len(c.earlier)-1], len(c.earlier))
}

// certificates are the numbers of a batch's certificates, oldest first.
func certificates(b *batch.Batch) ([]string, error) {
	var out []string
	err := certifications(b, func(_ batch.SignedAct, d certified) { out = append(out, d.Certificate) })
	return out, err
}

// certifications tells every certification of a batch, in order.
func certifications(b *batch.Batch, see func(batch.SignedAct, certified)) error {
	for _, a := range b.Acts {
		if a.Act != mbr.ActCertification {
			continue
		}
		var d certified
		err := json.Unmarshal(a.Details, &d)
		if err != nil {
			return fmt.Errorf("certification at entry %d: %w", a.Seq, err)
		}
		see(a, d)
	}
	return nil
}

// print renders the certificate and signs it with the Qualified Person's key.
func (k *Book) print(c issue) ([]byte, error) {
	content, err := k.content(c)
	if err != nil {
		return nil, err
	}
	doc, err := document.Render(content)
	if err != nil {
		return nil, fmt.Errorf("render certificate %s: %w", c.number, err)
	}
	appearance, err := document.Appearance(content.Certification)
	if err != nil {
		return nil, fmt.Errorf("render signature of %s: %w", c.number, err)
	}
	key, err := k.Keys.Signer(c.signature.Account, c.signature.Name, k.Plant, c.at)
	if err != nil {
		return nil, fmt.Errorf("signing key of %s: %w", c.signature.Account, err)
	}
	r := doc.SignatureRect
	pdf, err := pades.Sign(doc.PDF, key, pades.Options{
		Field:      pades.Field{Name: "QP", Page: doc.SignaturePage, Box: pades.Points(r[0], r[1], r[2]-r[0], r[3]-r[1])},
		Appearance: appearance, Time: c.at, Name: c.signature.Name,
		Reason: "QP certification of batch " + c.batch.Number, Location: k.Plant.Site,
		Certification: pades.CertifyFinal,
	})
	if err != nil {
		return nil, fmt.Errorf("sign certificate %s: %w", c.number, err)
	}
	return pdf, nil
}

func (k *Book) content(c issue) (document.Certificate, error) {
	b, p := c.batch, k.Plant
	lang := p.Language
	head, err := ledger.OpenCheckpoint(c.checkpoint, k.Batches.Log.Key())
	if err != nil {
		return document.Certificate{}, fmt.Errorf("checkpoint: %w", err)
	}
	origin, _, _ := strings.Cut(string(c.checkpoint), "\n")
	record, err := json.MarshalIndent(Show(b, mbr.ActCertification), "", " ")
	if err != nil {
		return document.Certificate{}, fmt.Errorf("record of %s: %w", b.Number, err)
	}
	out := document.Certificate{
		Language: lang, Number: c.number, Version: 1 + len(c.earlier), Supersedes: c.supersedes(), Stage: document.Stage(Stage(b)),
		Product: bilingual(p.Product), EUCT: p.EUCT, EudraCT: p.EudraCT, Protocol: p.Protocol,
		Strength: bilingual(p.Strength), DosageForm: bilingual(p.DosageForm), Package: bilingual(p.Package),
		Batch: b.Number, Manufacturer: p.Manufacturer, Address: p.Address, Authorisation: p.Authorisation,
		Certification: k.block(c.signature, lang),
		CoI:           document.Identifier{Value: b.CoI.String(), Check: string(b.CoI.Check())},
		Relevant: []document.Bilingual{{
			English: "Chain of identity " + b.CoI.Print() + ", subject " + b.Subject,
			Local:   relevant[lang] + b.CoI.Print() + " / " + b.Subject,
		}},
		Subject: b.Subject, Storage: bilingual(p.Storage), Destination: destination(b, p, lang),
		Register:      fmt.Sprintf("%s / %d", p.Site, c.register),
		Specification: document.Versioned{ID: b.Spec.ID, Version: fmt.Sprint(b.Spec.Version)},
		Recipe:        document.Versioned{ID: b.Recipe.ID, Version: fmt.Sprint(b.Recipe.Version)},
		RecipeDigest:  b.Recipe.Digest.String(),
		Sites: []document.Site{{
			Task: document.TaskManufactureTesting, Name: p.Manufacturer, Address: p.Address,
			Authorisation: p.Authorisation + ", " + p.Authority,
		}},
		RecordDigest:     b.Record.String(),
		LedgerCheckpoint: document.Checkpoint{Origin: origin, Size: head.Size, Root: base64.StdEncoding.EncodeToString(head.Root[:])},
		Record:           &document.Attachment{Name: c.number + ".json", Description: "what the Qualified Person was shown and signed", Content: record},
	}
	if t := b.Thaws; t != nil {
		said := thawedFrom[lang]
		frozen := t.FrozenAt.In(p.Location).Format(time.DateOnly)
		out.Relevant = append(out.Relevant, document.Bilingual{
			English: fmt.Sprintf(thawedFrom["en"], t.First, frozen, t.Certificate, inGroups(t.PDF)),
			Local:   fmt.Sprintf(said, t.First, frozen, t.Certificate, inGroups(t.PDF)),
		})
	}
	if t := b.TakenOn; t != nil {
		out.Relevant = append(out.Relevant, document.Bilingual{
			English: fmt.Sprintf(takenOnFrom["en"], t.From, t.Batch, inGroups(t.Dossier)),
			Local:   fmt.Sprintf(takenOnFrom[lang], t.From, t.Batch, inGroups(t.Dossier)),
		})
	}
	for _, w := range b.Warnings() {
		out.Relevant = append(out.Relevant, document.Bilingual{English: w.Text.In("en"), Local: w.Text.In(lang)})
	}
	if donation, ok := c.event.Donation(); ok {
		out.DIN = document.Identifier{Value: donation.DIN.String(), Check: string(donation.DIN.Check())}
	}
	expiry, ok := b.Expiry()
	if !ok {
		return out, fmt.Errorf("batch %s has no expiry", b.Number)
	}
	out.Expiry = expiry.In(p.Location)
	out.Manufactured, err = k.moment(b, "S32.formulated_at")
	if err != nil {
		return out, err
	}
	k.tests(&out, b)
	k.considered(&out, b)
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActQuality} {
		if a, standing := b.Act(act); standing {
			out.PlantSignatures = append(out.PlantSignatures, k.block(a.Signature, lang))
		}
	}
	return out, nil
}

// destination is the country to which the product goes: that of the hospital, as it was ordered; that of the plant's profile where
// the record does not say. A plant that has taken a batch on may be in another one.
func destination(b *batch.Batch, p *Plant, lang string) document.Bilingual {
	ordered, known := b.Value(countryRef)
	if st, ok := b.Step("S01"); ok && known {
		if f, ok := st.Fields["country"]; ok {
			return document.Bilingual{English: f.Field.OptionName(ordered.Value.Text, "en"), Local: f.Field.OptionName(ordered.Value.Text, lang)}
		}
	}
	return bilingual(p.Destination)
}

const countryRef = "S01.country"

// relevant is item 11 in the language of the plant, before identifier and subject number.
var relevant = map[string]string{"es": "Cadena de identidad y sujeto: ", "de": "Identitätskette und Prüfungsteilnehmer: "}

// thawedFrom links the certificate of a thaw to the first one (scenario 49): batch, day of freezing, certificate, digest of its file.
var thawedFrom = map[string]string{
	"en": "Thawed product of batch %s, frozen on %s; first certificate %s, SHA-256 %s",
	"es": "Producto descongelado del lote %s, congelado el %s; primer certificado %s, SHA-256 %s",
	"de": "Aufgetautes Produkt der Charge %s, eingefroren am %s; erstes Zertifikat %s, SHA-256 %s",
}

// takenOnFrom says that the plant was switched on the way (scenario 53): where the collection was recorded, and the digest of the
// dossier that proves it.
var takenOnFrom = map[string]string{
	"en": "Collection and hand-over recorded at %s, batch %s; dossier SHA-256 %s",
	"es": "Extracción y entrega registradas en %s, lote %s; expediente SHA-256 %s",
	"de": "Entnahme und Übergabe dokumentiert in %s, Charge %s; Dossier SHA-256 %s",
}

// inGroups is a digest that breaks into lines.
func inGroups(d ledger.Digest) string {
	var out []string
	for part := range slices.Chunk([]byte(d.String()), 16) {
		out = append(out, string(part))
	}
	return strings.Join(out, " ")
}

func bilingual(w Wording) document.Bilingual {
	return document.Bilingual{English: w.English, Local: w.Local}
}

// moment is a point in time of the record, in the zone of the plant.
func (k *Book) moment(b *batch.Batch, ref string) (time.Time, error) {
	c, ok := b.Value(ref)
	if !ok {
		return time.Time{}, fmt.Errorf("%s has no value", ref)
	}
	t, err := c.Value.Time()
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", ref, err)
	}
	return t.In(k.Plant.Location), nil
}

var documentRoles = map[people.Role]document.Role{
	people.QP: document.RoleQualifiedPerson, people.QA: document.RoleQualityAssurance,
	people.HeadProduction: document.RoleHeadOfProduction, people.HeadQC: document.RoleHeadOfQualityControl,
}

// meanings are the meanings of the signatures that a certificate shows, in the languages of the plants.
var meanings = map[people.Meaning]map[string]string{
	people.Reviewed:            {"en": "reviewed", "es": "revisado", "de": "überprüft"},
	people.ApprovedManufacture: {"en": "made per instruction", "es": "fabricado según las instrucciones", "de": "vorschriftsgemäß hergestellt"},
	people.ApprovedTesting:     {"en": "tested per instruction, has the required quality", "es": "analizado según las instrucciones, con la calidad exigida", "de": "vorschriftsgemäß geprüft, erforderliche Qualität liegt vor"},
	people.Certified:           {"en": "certified", "es": "certificado", "de": "zertifiziert"},
}

func (k *Book) block(s people.Signature, lang string) document.SignatureBlock {
	m := meanings[people.Meaning(s.Meaning)]
	return document.SignatureBlock{
		Language: lang, Name: s.Name, Username: s.Account, Role: documentRoles[people.Role(s.Role)],
		Meaning: document.Bilingual{English: m["en"], Local: m[lang]}, At: s.At.In(k.Plant.Location), Digest: s.Digest.String(),
	}
}

func (k *Book) tests(out *document.Certificate, b *batch.Batch) {
	lang := k.Plant.Language
	for _, r := range b.Results() {
		a := r.Attribute
		name := document.Bilingual{English: a.Name["en"], Local: a.Name[lang]}
		method := strings.TrimSpace(a.Method["en"] + " (" + a.Field + ")")
		limit := limitText(b, a, lang)
		if leftOut(b, r) {
			out.Results = append(out.Results, document.Result{Attribute: name, Method: method, Limit: limit, Value: "–", Evaluation: document.Information})
			continue
		}
		if r.Evaluation == qc.Pending {
			out.Pending = append(out.Pending, document.PendingTest{Attribute: name, Method: method, Limit: limit, Due: r.Due.In(k.Plant.Location)})
			continue
		}
		evaluation := document.Complies
		switch r.Evaluation {
		case qc.Info:
			evaluation = document.Information
		case qc.Fail, qc.Invalid:
			evaluation = document.OutOfSpecification
		}
		out.Results = append(out.Results, document.Result{Attribute: name, Method: method, Limit: limit, Value: valueText(b, r, lang), Evaluation: evaluation})
	}
}

func limitText(b *batch.Batch, a qc.Attribute, lang string) string {
	switch {
	case a.Information:
		return "–"
	case len(a.Accept) > 0:
		names := make([]string, len(a.Accept))
		for i, code := range a.Accept {
			names[i] = choice(b, a.Field, code, lang)
		}
		return strings.Join(names, "; ")
	default:
		return a.Limit.Format("en")
	}
}

func valueText(b *batch.Batch, r qc.Result, lang string) string {
	if r.Number != nil {
		return r.Number.Format("en")
	}
	return choice(b, r.Attribute.Field, r.Reported, lang)
}

// choice is the approved wording of a coded value, in English and in the language of the plant.
func choice(b *batch.Batch, ref, code, lang string) string {
	step, field, _ := strings.Cut(ref, ".")
	s, ok := b.Recipe.Step(step)
	if !ok {
		return code
	}
	f, ok := s.Field(field, b.Site)
	if !ok {
		return code
	}
	return f.OptionName(code, "en") + " / " + f.OptionName(code, lang)
}

func (k *Book) considered(out *document.Certificate, b *batch.Batch) {
	classes := map[batch.Classification]document.Class{
		batch.Minor: document.ClassMinor, batch.Major: document.ClassMajor, batch.Critical: document.ClassCritical,
	}
	found, _ := b.Exceptions()
	for _, e := range found {
		c := document.Considered{ID: e.ID, Class: document.ClassException, Subject: strings.TrimPrefix(e.Step+": "+e.What, ": ")}
		if e.Assessment != nil {
			c.Class, c.Assessment = classes[e.Assessment.Classification], e.Assessment.Text
		} else if d := e.Deviation; d != nil && d.Investigation != nil { // closed with its approval, not by an assessment of its own
			c.Class, c.Assessment = classes[d.Classification], strings.Join([]string{d.Number, d.Investigation.Cause, d.Investigation.Risk}, "\n")
		}
		out.Considered = append(out.Considered, c)
	}
}

func pendingTests(b *batch.Batch) []string {
	out := []string{}
	for _, r := range pending(b) {
		out = append(out, r.Attribute.ID)
	}
	return out
}
