package release_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// reviewedAgain brings a certified batch back to where it can be certified: the one correction is assessed and reviewed.
func (p *plant) reviewedAgain(s scenario, ss map[string]people.Session, number string) {
	p.t.Helper()
	require.NoError(p.t, p.batches.Correct(bg, p.by(s, ss, people.Operator), number, 0, "S15", "temp_room", typed("21.4"), "typed the value of the wrong sensor"))
	found := p.ofClass(number, batch.Corrected)
	require.Len(p.t, found, 1)
	require.NoError(p.t, p.assess(s, ss, number, found[0].ID))
	st, _ := p.load(number).Step("S31")
	require.Equal(p.t, batch.ToVerify, st.Status, "the decision was made on what has changed (scenario 31)")
	p.crew(s, ss).Verify(number, st.Step)
	require.NoError(p.t, p.act(s, number, mbr.ActQAReview, ss))
}

func TestReviewerDoesNotCertify_I9(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	x := s.People["mercedes"]
	x.Roles = []people.Role{people.QP, people.QA}
	s.People["mercedes"] = x
	ss := p.enrol(s)
	n := p.open(s, ss, "3401-001", "S42")
	s.Cast["qa"] = struct{ Performer, Second string }{"mercedes", "hector"}
	require.NoError(t, p.act(s, n, mbr.ActQAReview, ss))
	require.Equal(t, []string{"I9"}, rules(p.act(s, n, mbr.ActCertification, ss)))
}

func TestEverybodySignsForThemselves_I8(t *testing.T) {
	p, _, ss, n := reviewed(t, map[string]map[string]string{"S15": {"temp_room": "30"}})
	qa, other := ss["ines"], ss["hector"]
	e := p.ofClass(n, batch.OutOfLimit)[0]
	before := p.load(n).Version
	assess := func(sign batch.Signer) error {
		return p.batches.Assess(bg, p.author(qa, people.QA), n, 0, e.ID, batch.Minor, "no influence on the patient", sign)
	}
	require.Equal(t, []string{"I8"}, rules(assess(p.signer(other, people.QA))), "another person")
	for _, forge := range []struct {
		why     string
		meaning people.Meaning
		digest  *ledger.Digest
	}{{"another meaning", people.Verified, nil}, {"another content", people.Assessed, &ledger.Digest{}}} {
		require.Equal(t, []string{"I8"}, rules(assess(func(ctx context.Context, _ people.Meaning, d ledger.Digest) (people.Signed, error) {
			if forge.digest != nil {
				d = *forge.digest
			}
			return p.people.Sign(ctx, qa, password, people.QA, forge.meaning, d)
		})), forge.why)
	}
	require.Equal(t, before, p.load(n).Version, "nothing was saved")
	require.NoError(t, assess(p.signer(qa, people.QA)))

	prompt, err := p.release.Prompt(bg, releaseSigner(qa.Account, people.QA), n, mbr.ActQAReview)
	require.NoError(t, err)
	err = p.release.Sign(bg, p.author(qa, people.QA), n, mbr.ActQAReview, prompt.Digest, p.signer(other, people.QA))
	require.Equal(t, []string{"I8"}, rules(err))
	err = p.release.Sign(bg, p.author(qa, people.QA), n, mbr.ActQAReview, prompt.Digest, func(ctx context.Context, _ people.Meaning, d ledger.Digest) (people.Signed, error) {
		return p.people.Sign(ctx, qa, password, people.QA, people.Verified, d)
	})
	require.Equal(t, []string{"I8"}, rules(err))
	_, standing := p.load(n).Act(mbr.ActQAReview)
	require.False(t, standing)
}

func TestSecondPersonSignsForThemselves_I8(t *testing.T) {
	p, s, ss, n := upTo(t, "S16")
	ana := p.by(s, ss, people.Operator)
	for f, v := range s.Values["S16"] {
		require.NoError(t, p.batches.Enter(bg, ana, n, 0, "S16", f, typed(p.Value(v))), f)
	}
	require.NoError(t, p.batches.Complete(bg, ana, n, 0, "S16"))
	check := p.check(s, ss, n, "S16")
	jorge := p.author(ss["jorge"], people.Operator)
	require.Equal(t, []string{"I8"}, rules(p.batches.Verify(bg, jorge, n, 0, check, p.signer(ss["ana"], people.Operator))))
	require.Equal(t, batch.ToVerify, p.status(n, "S16"))
}

func TestAssessmentStandsAsSigned_AT59(t *testing.T) {
	p, _, ss, n := reviewed(t, map[string]map[string]string{"S15": {"temp_room": "30"}})
	e := p.ofClass(n, batch.OutOfLimit)[0]
	assess := func(name string, c batch.Classification, text string) error {
		qa := ss[name]
		return p.batches.Assess(bg, p.author(qa, people.QA), n, 0, e.ID, c, text, p.signer(qa, people.QA))
	}
	require.Equal(t, []string{"AT-59"}, rules(assess("ines", batch.Critical, "the product was exposed to heat")), "a critical one is investigated")
	require.NoError(t, assess("ines", batch.Minor, "an hour at 30 degrees before anything was open"))
	require.Equal(t, []string{"AT-59"}, rules(assess("hector", batch.Minor, "nothing to see here, go on")))
	require.Equal(t, batch.Minor, p.ofClass(n, batch.OutOfLimit)[0].Assessment.Classification)
}

func TestAssessmentAfterCertificationDoesNotWithdrawIt_I8(t *testing.T) {
	p, s, ss, n := released(t, "S46")
	op := p.by(s, ss, people.Operator)
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, op, n, 0, "S46", "container_scan", p.labelOf(n, "harvest-bag"))))
	require.NoError(t, p.assess(s, ss, n, p.ofClass(n, batch.Identity)[0].ID))
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		_, standing := p.load(n).Act(act)
		require.True(t, standing, act)
	}
	require.NoError(t, p.batches.Scan(bg, op, n, 0, "S46", "container_scan", p.labelOf(n, "final-container")))
}

// The initial certification says that the final one follows. It is due when the last result is there, signed by a Qualified Person
// who entered none of them, and replaces the certificate; the product has been given by then, so that its expiry bars nothing.
func TestFinalCertificationFollowsTheLastResult_AT32(t *testing.T) {
	p, s, ss, n := released(t, "S48")
	require.False(t, release.FinalDue(p.load(n)), "sterility is not read yet")
	require.Equal(t, []string{"CS-65"}, rules(p.act(s, n, mbr.ActCertification, ss)), "it is signed once")
	p.playTo(s, n, ss, "")
	p.Clock.Pass(14 * 24 * time.Hour)
	p.crew(s, ss).Return()
	b := p.load(n)
	require.Equal(t, 1, release.CertifiedAs(b))
	require.True(t, release.FinalDue(b))
	signed, _ := b.Act(mbr.ActCertification)
	step := func() time.Time { st, _ := p.load(n).Step("S43"); return st.CompletedAt }
	certified := step()

	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	b = p.load(n)
	require.Equal(t, 2, release.CertifiedAs(b))
	require.False(t, release.FinalDue(b))
	require.Equal(t, certified, step(), "the step was done with the initial certification")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActSponsor} {
		_, standing := b.Act(act)
		require.True(t, standing, act)
	}
	again, _ := b.Act(mbr.ActCertification)
	require.Greater(t, again.Seq, signed.Seq)
	require.Equal(t, []string{"CS-65"}, rules(p.act(s, n, mbr.ActCertification, ss)), "the final one is signed once")

	var lines []release.Decision
	for line, err := range p.release.Register(bg) {
		require.NoError(t, err)
		lines = append(lines, line.Decision)
	}
	require.Equal(t, []release.Decision{release.InitialCertification, release.FinalCertification}, lines)
	pdf, _, err := p.release.Certificate(bg, "SVQ-2026-0002")
	require.NoError(t, err)
	text := strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
	require.Contains(t, text, "This certification is final.")
	require.NotContains(t, text, "will follow")
	require.Contains(t, text, "SVQ-2026-0001 / 1", "it names what it supersedes")
}

// Colonies are counted for information, and may be left out: the final certification does not wait for them.
func TestFinalCertificationDoesNotWaitForWhatWasLeftOut_AT32(t *testing.T) {
	p, s, ss, n := released(t, "S48")
	delete(s.Values["S48"], "cfu_gm")
	p.playTo(s, n, ss, "")
	require.True(t, release.FinalDue(p.load(n)))
	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	require.Equal(t, 2, release.CertifiedAs(p.load(n)))
}

// A culture that grew after all stands against the final certification: it cannot say that the batch complies (AT-34).
func TestFinalCertificationCannotSayCompliesAfterGrowth_AT34(t *testing.T) {
	p, s, ss, n := released(t, "S48")
	s.Values["S48"]["sterility_final"], s.Values["S48"]["identification"] = "growth", "S. epidermidis"
	p.playTo(s, n, ss, "")
	require.True(t, release.FinalDue(p.load(n)))
	require.Contains(t, rules(p.act(s, n, mbr.ActCertification, ss)), "AT-33")
	require.Equal(t, 1, release.CertifiedAs(p.load(n)))
}

// Who entered or confirmed the final results does not certify on them.
func TestWhoClosedTheRecordDoesNotCertify_I9(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	x := s.People["mercedes"]
	x.Roles = []people.Role{people.QP, people.QCAnalyst}
	s.People["mercedes"] = x
	s.Cast["qc-analyst"] = struct{ Performer, Second string }{"sofia", "raul"}
	ss := p.enrol(s)
	n := p.open(s, ss, "3401-001", "S42")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, p.act(s, n, act, ss), act)
	}
	p.playTo(s, n, ss, "S48")
	s.Cast["qc-analyst"] = struct{ Performer, Second string }{"mercedes", "raul"}
	p.playTo(s, n, ss, "")
	require.True(t, release.FinalDue(p.load(n)))
	require.Contains(t, rules(p.act(s, n, mbr.ActCertification, ss)), "I9")
}

func TestSecondCertificateSupersedesTheFirst_QP8(t *testing.T) {
	p, s, ss, n := reviewed(t, nil)
	require.NoError(t, p.act(s, n, mbr.ActQAReview, ss))
	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	p.reviewedAgain(s, ss, n)
	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	var texts, numbers []string
	for ref, err := range p.release.Certificates(bg) {
		require.NoError(t, err)
		pdf, _, err := p.release.Certificate(bg, ref.Number)
		require.NoError(t, err)
		texts = append(texts, strings.Join(strings.Fields(papertest.Text(t, pdf)), ""))
		numbers = append(numbers, ref.Number)
	}
	require.Len(t, texts, 2)
	require.Contains(t, texts[0], numbers[0]+"/1")
	require.NotContains(t, texts[0], numbers[1])
	require.Contains(t, texts[1], numbers[1]+"/2")
	require.Contains(t, texts[1], numbers[0]+"/1", "it names what it supersedes")
}

func TestWrongArmIsCorrectedUnseen_I11(t *testing.T) {
	p, s, ss, n := reviewed(t, nil)
	require.NoError(t, p.act(s, n, mbr.ActQAReview, ss))
	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	custodian := p.by(s, ss, people.Custodian)
	require.NoError(t, p.batches.Enter(bg, custodian, n, 0, "S44", "arm", typed("placebo")))
	require.Equal(t, []string{"CS-12"}, rules(p.batches.Correct(bg, custodian, n, 0, "S44", "arm", typed("active"), "")), "not without a reason")
	const reason = "picked the line of the other arm"
	require.NoError(t, p.batches.Correct(bg, custodian, n, 0, "S44", "arm", typed("active"), reason))
	for e, err := range p.log.Entries(bg, 0) {
		require.NoError(t, err)
		for _, tells := range []string{`"active"`, `"placebo"`, reason} {
			require.NotContains(t, string(e.Data), tells, "entry %d %s", e.Seq, e.Type)
		}
	}
	found := p.ofClass(n, batch.Corrected)
	require.Len(t, found, 1, "that it was corrected is seen")
	for _, tells := range []string{"active", "placebo", reason} {
		require.NotContains(t, found[0].What+found[0].Value+found[0].Limit, tells)
	}
	values, err := p.batches.Reveal(bg, custodian, n, "S44", "preparing the handover")
	require.NoError(t, err)
	require.Equal(t, "active", values["arm"].Text)
}

func TestReasonsCanBePrinted_CS10(t *testing.T) {
	p, s, ss, n := reviewed(t, nil)
	op := p.by(s, ss, people.Operator)
	before := p.size()
	for reason, rule := range map[string]string{
		"misread 😀 the sensor": "CS-10", "misread\x1b[2J": "CS-10", "misread \xff\xfe": "CS-10", "": "CS-12", "      ": "CS-12",
		strings.Repeat("x", 501): "CS-12",
	} {
		err := p.batches.Correct(bg, op, n, 0, "S15", "temp_room", typed("21.4"), reason)
		require.Equal(t, []string{rule}, rules(err), "%.20q", reason)
	}
	require.Equal(t, before, p.size())
	require.NoError(t, p.act(s, n, mbr.ActQAReview, ss))
	require.NoError(t, p.act(s, n, mbr.ActCertification, ss))
	p.playTo(s, n, ss, "S46")
	for _, reason := range []string{"      ", "\x00\x1b[2J\xff", strings.Repeat("x", 501)} {
		before = p.size()
		_, err := p.batches.Reveal(bg, p.by(s, ss, people.Custodian), n, "S44", reason)
		require.Len(t, rules(err), 1, "%.20q", reason)
		require.Equal(t, before, p.size(), "nobody looked")
	}
}
