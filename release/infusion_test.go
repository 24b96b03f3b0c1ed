package release_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/record"
)

// infuse lets the phone at the bed say that half of it was given within ten minutes.
func (b *bed) infuse() (events []phone.Envelope, given, left quantity.Quantity) {
	scans, numbers := b.scans()
	begun := b.start(b.statement.Limb, numbers)
	b.Clock.Pass(10 * time.Minute)
	filled := b.statement.Containers[0].Volume
	for _, c := range b.statement.Containers[1:] {
		sum, err := filled.Add(c.Volume)
		require.NoError(b.t, err)
		filled = sum
	}
	given = quantity.MustParse("9.04", "mL")
	left, err := filled.Sub(given)
	require.NoError(b.t, err)
	ended := b.event(phone.BedEnd, "", map[string]any{
		"how": "interrupted", "given": given.Number(), "left": left.Number(), "residual": "kept", "reaction": "fall of blood pressure", "reference": "SAE-2026-014",
	})
	return append(scans, begun, ended), given, left
}

// open begins the step in which the product is given, at a terminal, with its scans and the product taken over.
func (b *bed) open() (*mbr.Step, ledger.Author) {
	st, _ := b.batch().Step("S47")
	by := b.As(people.Interventionist, false)
	require.NoError(b.t, b.Batches.Start(bg, by, b.number, 0, "S47"))
	b.scanned(st.Step, by)
	b.HandOver(b.number, st.Step)
	return st.Step, by
}

func (b *bed) scanned(st *mbr.Step, by ledger.Author) {
	for _, f := range st.FieldsAt(b.Profile.Site) {
		if f.Type != mbr.TypeScan {
			continue
		}
		for _, raw := range b.Labels(b.number, f) {
			require.NoError(b.t, b.Batches.Scan(bg, by, b.number, 0, st.ID, f.ID, raw), f.Ref())
		}
	}
}

func (b *bed) complete(st *mbr.Step, by ledger.Author) {
	b.Comment(b.number, st)
	require.NoError(b.t, b.Batches.Complete(bg, by, b.number, 0, st.ID))
	b.Verify(b.number, st)
	done, _ := b.batch().Step(st.ID)
	require.Equal(b.t, batch.Done, done.Status)
}

// What the phones at the bed delivered is taken into S47, each value with the phone's event that says it (I14); nobody types
// it again, and it stands in the printed record.
func TestInfusionIsTakenFromTheBedside_I14(t *testing.T) {
	b := atBed(t)
	st, by := b.open()
	refusedAs(t, "nothing-delivered", b.Batches.TakeFromBedside(bg, by, b.number, 0, "S47"))
	events, given, left := b.infuse()
	at := b.deliver(events...)
	refusedAs(t, "nothing-delivered", b.Batches.TakeFromBedside(bg, by, b.number, 0, "S46"))
	require.NoError(t, b.Batches.TakeFromBedside(bg, by, b.number, 0, "S47"))
	start, end := at.Starts[0], at.Starts[0].End
	for field, want := range map[string]struct {
		text string
		from bedside.Source
	}{
		"server_status": {"released", start.Source},
		"limb":          {b.statement.Limb, start.Source},
		"start_at":      {start.Moment.Latest.UTC().Truncate(time.Second).Format(time.RFC3339), start.Source},
		"end_at":        {end.Moment.Latest.UTC().Truncate(time.Second).Format(time.RFC3339), end.Source},
		"volume_given":  {given.Round(1).String(), end.Source},
		"residual":      {left.Round(1).String(), end.Source},
		"reaction":      {"fall of blood pressure; SAE-2026-014", end.Source},
	} {
		got, ok := b.batch().Value("S47." + field)
		require.True(t, ok, field)
		require.Equal(t, want.text, got.Value.String(), field)
		require.Equal(t, batch.AtTheBed, got.Origin, field)
		require.Contains(t, got.Ref, want.from.Event.String(), field)
	}
	refusedAs(t, "nothing-delivered", b.Batches.TakeFromBedside(bg, by, b.number, 0, "S47"))
	b.complete(st, by)
	require.NotContains(t, b.found(), "bed-differs")
	require.Contains(t, b.found(), "bed-interrupted,bed-reaction")

	text := b.printed()
	for _, want := range []string{"SAE-2026-014", "del teléfono junto al paciente", "la infusión se interrumpió"} {
		require.Contains(t, text, strings.ReplaceAll(want, " ", ""))
	}
}

// What a person enters otherwise than the phones said is an exception by rule, whichever of the two comes first (DI-14).
func TestRecordOtherThanTheBedside_DI14(t *testing.T) {
	for _, first := range []string{"the phone delivers first", "the record is completed first"} {
		t.Run(first, func(t *testing.T) {
			b := atBed(t)
			events, _, _ := b.infuse()
			if first == "the phone delivers first" {
				b.deliver(events...)
			}
			st, _ := b.batch().Step("S47")
			b.Step(b.number, st.Step) // 18.6 mL, ended just now: typed
			if first != "the phone delivers first" {
				require.NotContains(t, b.found(), "bed-differs", "nobody knows yet")
				b.deliver(events...)
			}
			require.Contains(t, b.found(), "bed-differs")
			found, _ := b.batch().Exceptions()
			i := slices.IndexFunc(found, func(e batch.Exception) bool {
				return e.Value == "bed-differs" && strings.Contains(e.Limit, "volume_given")
			})
			require.GreaterOrEqual(t, i, 0)
			require.NotContains(t, found[i].Limit, "limb", "that is the same")
			require.NotContains(t, found[i].Limit, "reaction", "no rule compares texts")
			require.True(t, found[i].Open())
			require.Contains(t, b.printed(), "elregistrodiceotracosaquelosteléfonos")
		})
	}
}

// An infusion into the limb that was not ordered did happen: the record says so with a comment, its exception stays open, and the
// step is completed. Before it began the recipe bars that value (AT-59, I14).
func TestWhatHappenedAtTheBedCanBeCompleted_AT59(t *testing.T) {
	b := atBed(t)
	st, by := b.open()
	limb, ok := st.Field("limb", b.Profile.Site)
	require.True(t, ok)
	require.True(t, b.batch().Bars(limb))
	scans, numbers := b.scans()
	begun := b.start(map[string]string{"left": "right", "right": "left"}[b.statement.Limb], numbers)
	b.Clock.Pass(10 * time.Minute)
	ended := b.event(phone.BedEnd, "", map[string]any{"how": "complete", "given": "9.04", "left": "9.96", "residual": "kept", "reaction": "", "reference": ""})
	b.deliver(append(scans, begun, ended)...)
	require.False(t, b.batch().Bars(limb))
	require.NoError(t, b.Batches.TakeFromBedside(bg, by, b.number, 0, "S47"))
	refusedAs(t, "comment-open", b.Batches.Complete(bg, by, b.number, 0, "S47"))
	b.complete(st, by)
	found, _ := b.batch().Exceptions()
	require.True(t, slices.ContainsFunc(found, func(e batch.Exception) bool { return e.Step == "S47" && e.Field == "limb" && e.Open() }))
}

// Two phones that began the same do not have their volumes added, and what runs says nothing of its end.
func TestWhatPhonesDoNotAgreeOnIsEntered_I14(t *testing.T) {
	b := atBed(t)
	scans, numbers := b.scans()
	b.deliver(append(scans, b.start(b.statement.Limb, numbers))...)
	takeable := func() []string {
		st, _ := b.batch().Step("S47")
		from, err := b.Batches.TakenFields(bg, b.batch(), st)
		require.NoError(t, err)
		require.Equal(t, batch.AtTheBed, from.Origin)
		return from.Fields
	}
	require.Equal(t, []string{"server_status", "limb", "start_at"}, takeable(), "it runs")
	again, _, _ := b.infuse()
	b.deliver(again...)
	require.Equal(t, []string{"server_status", "limb", "start_at"}, takeable(), "which of the two is it?")
	require.Contains(t, b.found(), "bed-again")
}

// printed is the record as it is printed for the plant, without spaces.
func (b *bed) printed() string {
	source, err := record.Load(bg, b.Batches, b.Release.Plant, b.number, func(account string) string { return account })
	require.NoError(b.t, err)
	pdf, err := record.Print(bg, source, record.Copy{Lang: b.Release.Plant.Language, Name: "A Person", Account: "person", At: b.Clock.Now().Add(time.Minute)}, nil)
	require.NoError(b.t, err)
	return strings.Join(strings.Fields(strings.Join(papertest.Pages(b.t, pdf), "")), "")
}
