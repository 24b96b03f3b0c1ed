package release_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
	"rexbatch/testdata/schema"
)

// One batch from harvest to administration, its marrow with a shipment: exported, valid by the standards' own schemas, imported into an
// empty plant, exported there: equal (requirements 5.2).
func TestExports_EPCISAndFHIRComeBackEqual(t *testing.T) {
	ctx := context.Background()
	j := whole(t, "active")
	b := j.load(j.number)
	document, err := j.release.EPCIS(ctx, b.CoI.String())
	require.NoError(t, err)
	require.NoError(t, schema.EPCIS(document))
	again, err := j.release.EPCIS(ctx, "")
	require.NoError(t, err)
	require.Equal(t, string(document), string(again), "the plant has one therapy event, and says the same of it again")

	bundle, err := j.release.FHIR(ctx, j.number)
	require.NoError(t, err)
	require.NoError(t, schema.FHIR(bundle))

	for _, secret := range []string{b.Subject, "3401", "ward", "Hospital,", "dock", "coordinator", j.nurse.Account, j.op.Account, j.qa.Account} {
		require.False(t, strings.Contains(string(document)+string(bundle), secret), "%s: no text that a person typed, no person (I12)", secret)
	}

	placebo := whole(t, "placebo") // the same but for the arm
	otherDocument, err := placebo.release.EPCIS(ctx, "")
	require.NoError(t, err)
	otherBundle, err := placebo.release.FHIR(ctx, placebo.number)
	require.NoError(t, err)
	require.True(t, string(document) == string(otherDocument) && string(bundle) == string(otherBundle), "the exports of the two arms differ (I11)")

	empty := newPlant(t, "de-fra")
	qa := empty.Hire("quirina", "Quirina Alba", "de", people.QA)
	by := empty.author(qa, people.QA)
	empty.Clock.Pass(j.Clock.Now().Sub(empty.Clock.Now()))
	r, err := empty.release.ImportEPCIS(ctx, by, document, "moved from Seville")
	require.NoError(t, err)
	require.Zero(t, r.Known)
	require.NotZero(t, r.New)
	back, err := empty.release.EPCIS(ctx, "")
	require.NoError(t, err)
	require.Equal(t, string(document), string(back))
	kept, err := empty.log.Blob(ctx, r.Document)
	require.NoError(t, err)
	require.Equal(t, document, kept, "the bytes are kept (I14)")

	before, err := empty.log.Head(ctx)
	require.NoError(t, err)
	r, err = empty.release.ImportEPCIS(ctx, by, document, "moved from Seville")
	require.NoError(t, err)
	require.Zero(t, r.New, "brought twice, it changes nothing")
	after, err := empty.log.Head(ctx)
	require.NoError(t, err)
	require.Equal(t, before.Size, after.Size)

	_, err = empty.release.FHIR(ctx, j.number)
	require.Error(t, err)
	r, err = empty.release.ImportFHIR(ctx, by, bundle, "moved from Seville")
	require.NoError(t, err)
	require.Equal(t, 1, r.New)
	product, err := empty.release.FHIR(ctx, j.number)
	require.NoError(t, err)
	require.Equal(t, string(bundle), string(product))
	r, err = empty.release.ImportFHIR(ctx, by, bundle, "moved from Seville")
	require.NoError(t, err)
	require.Zero(t, r.New)

	_, err = empty.batches.Load(ctx, j.number)
	require.Error(t, err, "what was imported moves nothing: there is no batch of it")
	r, err = j.release.ImportEPCIS(ctx, j.qa, document, "moved from Seville")
	require.NoError(t, err)
	require.Zero(t, r.New, "what the plant's own record says is not taken from elsewhere")
	r, err = j.release.ImportFHIR(ctx, j.qa, bundle, "moved from Seville")
	require.NoError(t, err)
	require.Zero(t, r.New)
}

// whole is a journey of a batch through all its steps, whose marrow came in a shipment with a logger.
func whole(t *testing.T, arm string) *journey {
	t.Helper()
	ctx := context.Background()
	j := newJourney(t)
	require.NotEmpty(t, j.s.Values["S44"]["arm"])
	j.s.Values["S44"]["arm"] = arm
	var err error
	j.id, err = j.batches.PlanShipment(ctx, j.op, j.order())
	require.NoError(t, err)
	sealed := []string{"SEAL-1"}
	require.NoError(t, j.batches.PackShipment(ctx, j.nurse, j.id, []string{j.bag.Label}, sealed, "ward 3"))
	j.packed = j.Clock.Now()
	j.playTo(j.s, j.number, j.sessions, "S10")
	in := j.inspection()
	in.Seals = sealed
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, in))
	require.NoError(t, j.batches.ReadLogger(ctx, j.op, j.id, shipment.File{Name: "run.csv", Text: j.sheet("LOG-77", 45, 46)}))
	require.NoError(t, j.batches.CloseShipment(ctx, j.op, j.id, ""))
	j.play(j.s, j.number, j.sessions)
	require.NoError(t, j.act(j.s, j.number, mbr.ActQAReview, j.sessions))
	require.NoError(t, j.act(j.s, j.number, mbr.ActCertification, j.sessions))
	require.NoError(t, j.act(j.s, j.number, mbr.ActSponsor, j.sessions))
	j.play(j.s, j.number, j.sessions)
	return j
}
