package release_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/plantest"
)

// thawed are the values of a thaw: 20.0 mL of 32.0 million cells per mL with 162 of 200 alive are 518.4 million viable cells.
var thawed = map[string]map[string]string{
	"S01": {"index_limb": "left", "hospital": "Hospital Demo", "country": "ES", "planned_infusion": "now+2h"},
	"S05": {"stored_results": "within", "storage_temp_kept": "true"},
	"T01": {"position": "tank 2 / rack 4 / box 7"},
	"S32": {"thawed_at": "now-3m", "bag_intact": "true", "final_volume": "20.0", "formulated_at": "now-2m"},
	"S33": {"volume_each": "19.0", "visual_ok": "true"},
	"S34": {"sampled_at": "now-1m"},
	"S35": {"language": "es", "blind_code": "OPEN-1"},
	"S37": {"wbc_conc": "32.0", "live": "162", "dead": "38"},
	"S40": {"gram": "no_organisms", "loaded_at": "now"},
}

// frozen is a placebo patient whose treatment is finished and whose REX-001 is frozen, months ago; other is the batch of another one.
func frozen(t *testing.T, months int) (c *plantest.Crew, first, other string) {
	t.Helper()
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	s.Values["S44"]["arm"], s.Values["S45"]["branch"] = "placebo", "prepared"
	maps.Copy(s.Values["S45"], map[string]string{"rbc_for_placebo": "5.0", "dmso": "7.5", "storage_temp": "-155", "position": "tank 2 / rack 4 / box 7"})
	c = p.crew(s, p.enrol(s))
	first, other = c.Order("3401-001"), c.Order("3401-002")
	finished(c, first)
	c.Play(other, "S04")
	c.Clock.Pass(time.Duration(months) * 31 * 24 * time.Hour)
	c.Return()
	thawValues(c)
	return c, first, other
}

// finished plays a batch to its end: steps, review, certification, the sponsor's release, delivery, final results.
func finished(c *plantest.Crew, number string) {
	c.T.Helper()
	c.Play(number, "")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(c.T, c.Act(number, act), act)
	}
	c.Play(number, "")
}

func openThaw(c *plantest.Crew, o batch.ThawOrder) (string, error) {
	custodian := c.Who(people.Custodian, false)
	return c.Batches.OpenThaw(bg, c.As(people.Custodian, false), o, c.Sign(c.Who(people.Investigator, false), people.Investigator), c.Sign(custodian, people.Custodian))
}

func thawValues(c *plantest.Crew) {
	for step, values := range thawed {
		of := map[string]string{}
		maps.Copy(of, values)
		c.Values[step] = of
	}
}

// Scenario 49: the frozen REX-001 of a placebo patient is thawed after 12 months for the same patient: ordered and disclosed by two
// signatures, identified anew, judged by a specification of its own, held against the dose, and certified by a second certificate
// that names the first one.
func TestCrossOverAfterTwelveMonths_49(t *testing.T) { // I4, I9, I11, AT-33
	c, first, other := frozen(t, 13)
	n, err := openThaw(c, batch.ThawOrder{First: first, Dose: "4e8", Reason: "cross-over after twelve months"})
	require.NoError(t, err)
	b, _ := c.State(n)
	whom, _ := c.State(first)
	require.Equal(t, whom.CoI, b.CoI)
	require.Equal(t, []string{"REX-001-THAW", "demo-thaw-P1"}, []string{b.Recipe.ID, b.Spec.ID})
	for ref, want := range map[string]string{"S01.first_batch": first, "S01.dose_ordered": "4e8 cells"} {
		v, ok := b.Value(ref)
		require.True(t, ok, ref)
		require.Equal(t, want, v.Value.String(), ref)
		require.Equal(t, batch.Ordered, v.Origin, ref)
	}
	_, err = openThaw(c, batch.ThawOrder{First: first, Dose: "4e8", Reason: "cross-over once more"})
	require.Error(t, err, "what was thawed is not thawed again")

	// The stored results of the first batch stand beside it, as they were judged.
	thaw, stored, err := c.Batches.Stored(bg, n)
	require.NoError(t, err)
	require.Equal(t, first, thaw.First)
	require.Equal(t, whom.Results(), stored.Results())

	// The frozen container is identified anew, by two persons: a label of another patient stops the step.
	c.Play(n, "T01")
	_, others := c.State(other)
	op := c.As(people.Operator, false)
	require.NoError(t, c.Batches.Start(bg, op, n, 0, "T01"))
	require.Equal(t, []string{"I4"}, rules(c.Batches.Scan(bg, op, n, 0, "T01", "frozen_scan", others.OfKind("harvest-bag")[0].Label)))
	st, _ := c.Batches.Load(bg, n)
	at, _ := st.Step("T01")
	require.Equal(t, batch.Stopped, at.Status)
	_, own := c.State(first)
	require.NoError(t, c.Batches.Scan(bg, op, n, 0, "T01", "frozen_scan", own.OfKind("final-container")[0].Label), "the label of the first batch, of the same patient")
}

// The thaw goes on to its certificate: the second one, which names the first.
func TestThawedBatchIsCertifiedOfItsOwn_49(t *testing.T) {
	c, first, _ := frozen(t, 13)
	n, err := openThaw(c, batch.ThawOrder{First: first, Dose: "4e8", Reason: "cross-over after twelve months"})
	require.NoError(t, err)
	c.Play(n, "")
	b, event := c.State(n)
	for ref, want := range map[string]string{
		"S37.viability": "81 %", "S37.viable_thawed": "5.184000e8 cells", "S37.dose_margin": "118400000 cells",
	} {
		v, ok := b.Value(ref)
		require.True(t, ok, ref)
		require.Equal(t, want, v.Value.String(), ref)
	}
	judged := map[string]qc.Evaluation{}
	for _, r := range b.Results() {
		judged[r.Attribute.ID] = r.Evaluation
	}
	require.Equal(t, map[string]qc.Evaluation{"viability_after_thaw": qc.Pass, "dose_margin": qc.Pass, "gram": qc.Pass, "sterility": qc.Pending, "recovery": qc.Info}, judged)
	bag := event.OfKind("thaw-bag")[0]
	require.Equal(t, "plant", string(bag.Custodian.Party), "it comes from the store of the plant")
	finished(c, n)
	b, _ = c.State(n)
	_, left := b.Current()
	require.False(t, left, "it was given, and its final results are in")

	// The second certificate names the first one, by number and digest, and the Qualified Person was shown that.
	var certificates []release.CertificateRef
	for ref, err := range c.Release.Certificates(bg) {
		require.NoError(t, err)
		certificates = append(certificates, ref)
	}
	require.Len(t, certificates, 2)
	pdf, _, err := c.Release.Certificate(bg, certificates[0].Number)
	require.NoError(t, err)
	digest := ledger.DigestOf(pdf)
	pdf, of, err := c.Release.Certificate(bg, certificates[1].Number)
	require.NoError(t, err)
	require.Equal(t, n, of.Batch)
	kept(t, certificates[1].Number+"-thaw.pdf", pdf)
	said := unspaced([]string{papertest.Text(t, pdf)})
	require.Regexp(t, `1\.03(\D|$)`, said, "the recovery stands in the decimals of its field")
	require.Contains(t, said, certificates[0].Number)
	require.Contains(t, said, digest.String())
	require.Contains(t, said, "Thawedproductofbatch"+first)
	shown := release.ReviewOf(b).Thawed
	require.Equal(t, []string{first, certificates[0].Number, digest.String(), "4e8 cells"}, []string{shown.First, shown.Certificate, shown.PDF.String(), shown.Dose})
}

// What is not frozen, not finished, too early, or ordered by one person alone is not thawed; who is blinded does not even ask.
func TestThawIsOrderedRightly_49(t *testing.T) {
	o := batch.ThawOrder{Dose: "4e8", Reason: "cross-over after twelve months"}
	c, first, other := frozen(t, 11)
	o.First = first
	_, err := openThaw(c, o)
	refusedAs(t, "thaw-early", err)
	c.Clock.Pass(2 * 31 * 24 * time.Hour)
	c.Return()

	investigator, custodian := c.Who(people.Investigator, false), c.Who(people.Custodian, false)
	order, disclose := c.Sign(investigator, people.Investigator), c.Sign(custodian, people.Custodian)
	by := c.As(people.Custodian, false)
	for code, err := range map[string]error{
		"blinded":               open(c, c.As(people.Coordinator, false), o, order, disclose),
		"thaw-not-investigator": open(c, by, o, disclose, disclose),
		"thaw-one-person":       open(c, c.As(people.UnblindedOperator, false), o, order, disclose),
		"thaw-not-certified":    open(c, by, batch.ThawOrder{First: other, Dose: o.Dose, Reason: o.Reason}, order, disclose),
		"thaw-dose":             open(c, by, batch.ThawOrder{First: first, Dose: "0", Reason: o.Reason}, order, disclose),
		"reason-missing":        open(c, by, batch.ThawOrder{First: first, Dose: o.Dose}, order, disclose),
	} {
		refusedAs(t, code, err)
	}
	n, err := openThaw(c, o)
	require.NoError(t, err)
	refusedAs(t, "thawed-already", open(c, by, o, order, disclose))
	b, _ := c.State(first)
	require.Equal(t, n, b.ThawedAs)
	_, _, err = c.Batches.Stored(bg, first)
	refusedAs(t, "no-thaw", err)
}

func open(c *plantest.Crew, by ledger.Author, o batch.ThawOrder, order, disclose batch.Signer) error {
	_, err := c.Batches.OpenThaw(bg, by, o, order, disclose)
	return err
}

// Of an active patient nothing was frozen: the seal says so to the custodian, and nothing is opened.
func TestNothingIsThawedOfAnActivePatient_49(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	c := p.crew(s, p.enrol(s))
	first := c.Order("3401-001")
	finished(c, first)
	c.Clock.Pass(13 * 31 * 24 * time.Hour)
	c.Return()
	_, err := openThaw(c, batch.ThawOrder{First: first, Dose: "4e8", Reason: "cross-over after twelve months"})
	refusedAs(t, "thaw-nothing-frozen", err)
}

// What remains has to be enough and alive: cells below the dose, and a viability below the limit of the thaw's own specification,
// bar the certificate.
func TestThawBelowDoseOrViabilityIsNotCertified_49(t *testing.T) { // AT-33
	for name, values := range map[string]map[string]string{
		"dose_margin":          {"wbc_conc": "20.0", "live": "162", "dead": "38"}, // 324 million are left, 400 were ordered
		"viability_after_thaw": {"wbc_conc": "60.0", "live": "138", "dead": "62"}, // 69 %
	} {
		c, first, _ := frozen(t, 13)
		c.Values["S37"] = values
		n, err := openThaw(c, batch.ThawOrder{First: first, Dose: "4e8", Reason: "cross-over after twelve months"})
		require.NoError(t, err)
		c.Play(n, "")
		b, _ := c.State(n)
		var failed []string
		for _, r := range b.Results() {
			if r.Evaluation == qc.Fail {
				failed = append(failed, r.Attribute.ID)
			}
		}
		require.Equal(t, []string{name}, failed)
		who := release.Signer{Account: c.Who(people.QP, false), Role: people.QP}
		var codes []string
		for _, r := range release.MaySign(b, mbr.ActCertification, who, c.Profile, c.Clock.Now()) {
			codes = append(codes, r.Code)
		}
		require.Contains(t, codes, "out-of-specification", name)
	}
}
