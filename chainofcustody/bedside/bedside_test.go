package bedside_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// examples are what server and phone are both held to.
type examples struct {
	Statement bedside.Statement `json:"statement"`
	Labels    []struct {
		Raw       string                 `json:"raw"`
		Wristband chainofcustody.Outcome `json:"wristband"`
		Container chainofcustody.Outcome `json:"container"`
	} `json:"labels"`
	Decisions []decision `json:"decisions"`
	Balances  []struct {
		Containers []string `json:"containers"`
		Given      string   `json:"given"`
		Left       string   `json:"left"`
		Fits       bool     `json:"fits"`
	} `json:"balances"`
}

type decision struct {
	Name       string           `json:"name"`
	None       bool             `json:"no_statement"`
	Standing   bedside.Standing `json:"standing"`
	Wristband  scan             `json:"wristband"`
	Containers []scan           `json:"containers"`
	Given      []string         `json:"given"`
	Limb       string           `json:"limb"`
	Now        span             `json:"now"`
	Seen       time.Time        `json:"seen"`
	Rules      []string         `json:"rules"`
}

type scan struct {
	Raw string `json:"raw"`
	At  span   `json:"at"`
}

type span struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest"`
}

func (s span) moment() chainofcustody.Moment { return chainofcustody.Moment(s) }

func load(t require.TestingT) examples {
	raw, err := os.ReadFile("../../testdata/bedside/examples.json")
	require.NoError(t, err)
	var e examples
	require.NoError(t, json.Unmarshal(raw, &e))
	return e
}

var nurse = ledger.Author{Account: "ines", Role: string(people.Interventionist), Terminal: "phone/8XK2MPQ4-1"}

// treatment is a therapy event with a bag, two containers of the product and a sample.
func treatment(t require.TestingT) *chainofcustody.TherapyEvent {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	event := &chainofcustody.TherapyEvent{}
	apply := func(d ledger.Draft) {
		e, err := ledger.Provisional(d, nurse, at, event.Version+1)
		require.NoError(t, err)
		require.NoError(t, event.Apply(e))
	}
	coi, err := isbt128.ParseCoI("CHA999926000123")
	require.NoError(t, err)
	din, err := isbt128.ParseDIN("A999926000123")
	require.NoError(t, err)
	apply(chainofcustody.Order(coi, "ES07-0042", "ES-SVQ", ""))
	d, err := event.RegisterDonation(din)
	require.NoError(t, err)
	apply(d)
	for _, made := range []struct {
		kind, from chainofcustody.Kind
		n          int
	}{{"harvest-bag", "", 1}, {phone.FinalContainer, "harvest-bag", 2}, {"sample", "harvest-bag", 1}} {
		drafts, err := event.Create(made.kind, made.from, made.n, "SVQ2600001K/S33")
		require.NoError(t, err)
		for _, d := range drafts {
			apply(d)
		}
	}
	return event
}

func matched(event *chainofcustody.TherapyEvent, kind chainofcustody.Kind, raw string, at chainofcustody.Moment) bedside.Scanned {
	field := "/container"
	if kind == chainofcustody.Wristband {
		field = "/wristband"
	}
	_, match, _ := event.Scan(nurse, at.Latest, "SVQ2600001K/bedside"+field, kind, raw)
	return bedside.Scanned{Match: match, At: at}
}

func (d decision) asked(event *chainofcustody.TherapyEvent, s *bedside.Statement) bedside.Asked {
	a := bedside.Asked{Statement: s, Standing: d.Standing, Given: d.Given, Limb: d.Limb, Now: d.Now.moment(), Seen: d.Seen}
	if d.None {
		a.Statement = nil
	}
	if d.Wristband.Raw != "" {
		a.Wristband = matched(event, chainofcustody.Wristband, d.Wristband.Raw, d.Wristband.At.moment())
	}
	for _, c := range d.Containers {
		a.Containers = append(a.Containers, matched(event, phone.FinalContainer, c.Raw, c.At.moment()))
	}
	return a
}

func TestDecideAsInTheExamples_I4_I10(t *testing.T) {
	e, event := load(t), treatment(t)
	require.Greater(t, len(e.Decisions), 15)
	for _, d := range e.Decisions {
		leave, refused := bedside.Decide(d.asked(event, &e.Statement))
		require.Equal(t, d.Rules, append([]string{}, bedside.Codes(refused)...), d.Name)
		require.Equal(t, len(refused) == 0, !leave.IsZero(), d.Name)
		for _, r := range refused {
			require.Equal(t, ledger.Stop, r.Kind, d.Name)
		}
	}
}

func TestLabelsAreReadAsInTheExamples_ID12(t *testing.T) {
	e, event := load(t), treatment(t)
	for _, l := range e.Labels {
		for kind, want := range map[chainofcustody.Kind]chainofcustody.Outcome{chainofcustody.Wristband: l.Wristband, phone.FinalContainer: l.Container} {
			_, match, refusal := event.Scan(nurse, time.Time{}, "SVQ2600001K/bedside/x", kind, l.Raw)
			got := chainofcustody.Matched
			switch {
			case refusal != nil && refusal.Kind == ledger.Stop:
				got = chainofcustody.Mismatched
			case refusal != nil:
				got = chainofcustody.Unreadable
			}
			require.Equal(t, want, got, "%q as %s: %v", l.Raw, kind, refusal)
			require.Equal(t, got == chainofcustody.Matched, !match.IsZero())
		}
	}
}

func TestVolumesBalance_51(t *testing.T) {
	e := load(t)
	for _, b := range e.Balances {
		end := bedside.Ending{How: "complete", Given: quantity.MustParse(b.Given, "mL"), Left: quantity.MustParse(b.Left, "mL"), Residual: "kept"}
		if end.Left.Sign() == 0 {
			end.Residual = "none"
		}
		faults, err := e.Statement.Faults(b.Containers, end)
		require.NoError(t, err)
		require.Equal(t, b.Fits, len(faults) == 0, "%s and %s: %v", b.Given, b.Left, faults)
	}
	end := bedside.Ending{Given: quantity.MustParse("20.0", "mL"), Left: quantity.MustParse("0", "mL"), Residual: "kept"}
	faults, err := e.Statement.Faults([]string{e.Statement.Containers[0].ID, e.Statement.Containers[1].ID}, end)
	require.NoError(t, err)
	require.Equal(t, []string{"bed-residual"}, bedside.Codes(faults), "nothing is left, and it is kept")
	dose, err := bedside.Dose(quantity.MustParse("9.0", "mL"), quantity.MustParse("45.2", "10^6/mL"))
	require.NoError(t, err)
	want, err := quantity.MustParse("406800000", "cells").Cmp(dose)
	require.NoError(t, err)
	require.Zero(t, want, "9.0 mL of 45.2 million in a millilitre")
}

// Whatever is scanned, in whatever order and however often: there is no leave without the right wristband and nothing but
// containers of this batch, read just before, in time, of a product that stands.
func TestNoSequenceOfScansLeadsToAStartWithoutMatch_I4(t *testing.T) {
	e := load(t)
	event := treatment(t)
	var raws, goodBands, goodBags []string
	for _, l := range e.Labels {
		raws = append(raws, l.Raw)
		if l.Wristband == chainofcustody.Matched {
			goodBands = append(goodBands, l.Raw)
		}
		if l.Container == chainofcustody.Matched {
			goodBags = append(goodBags, l.Raw)
		}
	}
	began := 0
	rapid.Check(t, func(t *rapid.T) {
		now := e.Statement.Expiry.Add(-time.Duration(rapid.SampledFrom([]int{600, 300, 60, 30, 5, 1, 0, -60}).Draw(t, "before")) * time.Minute)
		standing := bedside.Standing{State: rapid.SampledFrom([]bedside.State{bedside.Released, bedside.Released, bedside.Released, bedside.Recalled, bedside.NotReleased, ""}).Draw(t, "state"), Checked: now.Add(-time.Hour)}
		asked := bedside.Asked{Statement: &e.Statement, Standing: standing}
		type made struct {
			raw string
			at  time.Time
		}
		var band made
		var had []made
		for _, c := range e.Statement.Containers {
			if rapid.IntRange(0, 9).Draw(t, "given") == 0 {
				asked.Given = append(asked.Given, c.ID)
			}
		}
		usual := rapid.Bool().Draw(t, "usual") // the wristband first, and only it
		for i := range rapid.SampledFrom([]int{2, 2, 3, 4, 0, 1}).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "s")) * time.Second)
			at, wristband, good := chainofcustody.At(now), usual && i == 0 || !usual && rapid.Bool().Draw(t, "wristband"), goodBags
			if wristband {
				good = goodBands
			}
			raw := rapid.OneOf(rapid.SampledFrom(good), rapid.SampledFrom(good), rapid.SampledFrom(good), rapid.SampledFrom(good), rapid.SampledFrom(good), rapid.SampledFrom(raws), rapid.StringN(0, 40, 60)).Draw(t, "raw")
			if wristband {
				asked.Wristband, band = matched(event, chainofcustody.Wristband, raw, at), made{raw, now}
			} else {
				asked.Containers, had = append(asked.Containers, matched(event, phone.FinalContainer, raw, at)), append(had, made{raw, now})
			}
		}
		asked.Limb, asked.Now = rapid.SampledFrom([]string{"left", "left", "left", "right", ""}).Draw(t, "limb"), chainofcustody.At(now)
		leave, refused := bedside.Decide(asked)
		fresh := func(m made) bool { return now.Sub(m.at) <= bedside.ScanLife }
		right := slices.Contains(goodBands, band.raw) && fresh(band) && len(had) > 0 && asked.Limb == e.Statement.Limb && now.Before(e.Statement.Expiry) && standing.State == bedside.Released && len(asked.Given) < len(e.Statement.Containers) &&
			!slices.ContainsFunc(asked.Containers, func(c bedside.Scanned) bool { return slices.Contains(asked.Given, c.Match.Container().String()) }) &&
			!slices.ContainsFunc(had, func(m made) bool { return !slices.Contains(goodBags, m.raw) || !fresh(m) })
		if right != (len(refused) == 0) || right == leave.IsZero() {
			t.Fatalf("leave %v, rules %v, scans %v %v", leave, bedside.Codes(refused), band, had)
		}
		if right {
			began++
		}
	})
	require.NotZero(t, began, "the right ones are among them")
}

// A leave cannot be made but by a decision: its zero value is none.
func TestZeroLeaveIsNone_I4(t *testing.T) {
	require.True(t, bedside.Go{}.IsZero())
	leave, refused := bedside.Decide(bedside.Asked{})
	require.True(t, leave.IsZero())
	require.Equal(t, []string{"bed-no-certificate"}, bedside.Codes(refused))
}
