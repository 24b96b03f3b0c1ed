package material_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

func TestOnlyAFitLotIsUsed_CS67(t *testing.T) { // S17, scenario 24
	noon := morning.Add(3 * time.Hour)
	step := func(until time.Time) material.Want {
		return material.Want{Material: "gradient-medium", Quantity: ml("100"), Until: until}
	}
	used := func(s shelf, q string) {
		drafts, err := s.Use(morning, step(noon), use("SVQ26000019", q))
		s.add(operator, morning, drafts, err)
	}
	for _, c := range []struct {
		name    string
		arrange func(shelf)
		now     time.Time
		want    material.Want
		code    string // empty: it may be used
	}{
		{"released, in date, enough", nil, morning, step(noon), ""},
		{"all that is there", nil, morning, material.Want{Material: "gradient-medium", Quantity: quantity.MustParse("0.500", "L"), Until: noon}, ""},
		{"not counted", nil, morning, want(noon), ""},
		{"to the last second", nil, ficoll().Expiry.Add(-time.Hour), step(ficoll().Expiry), ""},
		{"another material", nil, morning, material.Want{Material: "wash-buffer", Until: noon}, "lot-wrong-material"},
		{"expired", nil, ficoll().Expiry.Add(time.Second), step(ficoll().Expiry), "lot-expired"},
		{"expires during the step", nil, ficoll().Expiry.Add(-time.Hour), step(ficoll().Expiry.Add(time.Second)), "lot-expired"},
		{"expired, and the step has no end", nil, ficoll().Expiry.Add(time.Hour), material.Want{Material: "gradient-medium"}, "lot-expired"},
		{"a step longer than the time after opening", nil, morning, step(morning.Add(8*time.Hour + time.Second)), "lot-open-too-long"},
		{"opened long ago", func(s shelf) { used(s, "10") }, morning.Add(9 * time.Hour), step(morning.Add(9 * time.Hour)), "lot-open-too-long"},
		{"another package opened", func(s shelf) {
			used(s, "10")
			drafts, err := s.Open(operator, morning.Add(9*time.Hour))
			s.add(operator, morning.Add(9*time.Hour), drafts, err)
		}, morning.Add(9 * time.Hour), step(morning.Add(10 * time.Hour)), ""},
		{"within the recipe's time after opening", nil, morning, material.Want{Material: "gradient-medium", Until: noon, OpenFor: 3 * time.Hour}, ""},
		{"beyond the recipe's time after opening", nil, morning, material.Want{Material: "gradient-medium", Until: noon, OpenFor: 3*time.Hour - 1}, "lot-open-too-long"},
		{"the recipe takes longer than the delivery", nil, morning, material.Want{Material: "gradient-medium", Until: morning.Add(9 * time.Hour), OpenFor: 24 * time.Hour}, "lot-open-too-long"},
		{"blocked", func(s shelf) {
			drafts, err := s.Block(store, "recall by the supplier")
			s.add(store, morning, drafts, err)
		}, morning, step(noon), "lot-blocked"},
		{"blocked and freed again", func(s shelf) {
			drafts, err := s.Block(store, "recall by the supplier")
			s.add(store, morning, drafts, err)
			drafts, err = s.Unblock(qa, "the recall names other lots")
			s.add(qa, morning, drafts, err)
		}, morning, step(noon), ""},
		{"too little left", func(s shelf) { used(s, "400.01") }, morning, step(noon), "lot-not-enough"},
		{"just enough left", func(s shelf) { used(s, "400.00") }, morning, step(noon), ""},
		{"counted in something else", nil, morning, material.Want{Material: "gradient-medium", Quantity: quantity.MustParse("2", "pcs")}, "lot-unit"},
		{"less than nothing", nil, morning, material.Want{Material: "gradient-medium", Quantity: ml("-5")}, "lot-quantity"},
		{"a bound instead of a number", nil, morning, material.Want{Material: "gradient-medium", Quantity: ml("<5")}, "lot-quantity"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := released(t, ficoll())
			if c.arrange != nil {
				c.arrange(s)
			}
			err := s.MayUse(c.now, c.want)
			u := use("SVQ26000027", "1")
			u.Quantity = c.want.Quantity
			drafts, again := s.Use(c.now, c.want, u)
			require.Equal(t, err, again, "both say the same")
			if c.code == "" {
				require.NoError(t, err)
				require.Len(t, drafts, 1)
				return
			}
			require.Empty(t, drafts)
			rule := map[string]string{"lot-not-enough": "AT-21", "lot-quantity": "AT-21", "lot-unit": "I13"}[c.code]
			if rule == "" {
				rule = "CS-67"
			}
			require.Equal(t, c.code, ledger.RefusalsOf(err)[0].Code)
			require.Equal(t, rule, ledger.RefusalsOf(err)[0].Rule)
		})
	}
	refused(t, received(t, ficoll()).MayUse(morning, step(noon)), ledger.Unmet, "CS-67", "lot-quarantine")
}

// A recipe may limit the time after opening where the delivery does not.
func TestTheRecipeLimitsAnOpenedLot_CS67(t *testing.T) {
	d := ficoll()
	d.OpenFor = quantity.Quantity{}
	s := released(t, d)
	w := material.Want{Material: "gradient-medium", Until: morning.Add(48 * time.Hour)}
	require.NoError(t, s.MayUse(morning, w))
	w.OpenFor = 24 * time.Hour
	refused(t, s.MayUse(morning, w), ledger.Unmet, "CS-67", "lot-open-too-long")
	w.Until = morning.Add(24 * time.Hour)
	require.NoError(t, s.MayUse(morning, w))
}

func TestUsesLeadToBatchesAndPatients_AT20(t *testing.T) {
	s := released(t, ficoll())
	for _, u := range []material.Use{use("SVQ26000019", "100"), use("SVQ26000027", "120.5"), use("SVQ26000019", "20")} {
		drafts, err := s.Use(morning, want(morning), u)
		s.add(operator, morning, drafts, err)
	}
	require.Equal(t, []string{"SVQ26000019", "SVQ26000027"}, s.UsedBy())
	require.Equal(t, "259.5 mL", s.Remaining.String())
	require.Equal(t, morning, s.OpenedAt, "the first use opens the lot")
	require.Equal(t, "ana", s.Uses[1].By)
	require.Equal(t, use("SVQ26000027", "120.5"), s.Uses[1].Use)
	require.Equal(t, morning, s.Uses[1].At)

	drafts, err := s.Reverse(s.Uses[1].Entry, "the operator scanned the wrong bottle")
	s.add(operator, morning, drafts, err)
	require.Equal(t, []string{"SVQ26000019"}, s.UsedBy())
	require.Equal(t, "380.0 mL", s.Remaining.String())
	require.Len(t, s.Uses, 3, "what was recorded stays in the record")
	require.True(t, s.Uses[1].Reversed)
	require.Equal(t, "the operator scanned the wrong bottle", s.Uses[1].Corrections[0].Reason)
	require.Equal(t, "120.5 mL", s.Uses[1].Corrections[0].Was.String())

	_, err = s.Reverse(s.Uses[1].Entry, "once more, by mistake")
	refused(t, err, ledger.Missing, "AT-20", "lot-no-use")
	_, err = s.Correct(99, ml("1"), "there is no such use")
	refused(t, err, ledger.Missing, "AT-20", "lot-no-use")
	_, err = s.Reverse(s.Uses[0].Entry, "no")
	refused(t, err, ledger.Invalid, "CS-12", "reason-missing")

	drafts, err = s.Correct(s.Uses[0].Entry, ml("480"), "the whole bottle went in")
	s.add(operator, morning.Add(300*24*time.Hour), drafts, err)
	require.Equal(t, "0.0 mL", s.Remaining.String())
	require.Equal(t, "480 mL", s.Uses[0].Quantity.String())
	require.Equal(t, "100 mL", s.Uses[0].Corrections[0].Was.String())
	_, err = s.Correct(s.Uses[0].Entry, ml("480.1"), "more than there was")
	refused(t, err, ledger.Unmet, "AT-21", "lot-not-enough")
}

func TestAUseNamesItsPatient_AT20(t *testing.T) {
	s := released(t, ficoll())
	for _, change := range []func(*material.Use){
		func(u *material.Use) { u.Batch = "" }, func(u *material.Use) { u.CoI = "" },
		func(u *material.Use) { u.Subject = "" }, func(u *material.Use) { u.Step = "" },
	} {
		u := use("SVQ26000019", "1")
		change(&u)
		_, err := s.Use(morning, want(morning), u)
		require.Error(t, err)
	}
}

// Who decides what in which status, and where it leads.
func TestStatusMachine_AT21(t *testing.T) {
	logistics2, lead := as("max", people.Logistics), as("ida", people.ProductionLead)
	qaWhoReceived := as(store.Account, people.QA)
	reason := "complaint 12 of the supplier"
	release := func(by ledger.Author) func(shelf) ([]ledger.Draft, error) {
		return func(s shelf) ([]ledger.Draft, error) { return s.Release(by, morning) }
	}
	block := func(by ledger.Author) func(shelf) ([]ledger.Draft, error) {
		return func(s shelf) ([]ledger.Draft, error) { return s.Block(by, reason) }
	}
	unblock := func(by ledger.Author) func(shelf) ([]ledger.Draft, error) {
		return func(s shelf) ([]ledger.Draft, error) { return s.Unblock(by, reason) }
	}
	open := func(by ledger.Author) func(shelf) ([]ledger.Draft, error) {
		return func(s shelf) ([]ledger.Draft, error) { return s.Open(by, morning) }
	}
	discard := func(by ledger.Author) func(shelf) ([]ledger.Draft, error) {
		return func(s shelf) ([]ledger.Draft, error) { return s.Discard(by, ml("500"), reason) }
	}
	const quarantine, free, blocked, rejected = "quarantine", "released", "blocked", "blocked in quarantine"
	for _, c := range []struct {
		from, name string
		do         func(shelf) ([]ledger.Draft, error)
		leads      material.Status
		code       string
	}{
		{quarantine, "QA releases", release(qa), material.Released, ""},
		{quarantine, "logistics cannot release", release(logistics2), "", "lot-role"},
		{quarantine, "who received cannot release", release(qaWhoReceived), "", "lot-same-person"},
		{quarantine, "cannot be unblocked", unblock(qa), "", "lot-not-blocked"},
		{quarantine, "logistics blocks", block(store), material.Blocked, ""},
		{quarantine, "cannot be opened", open(operator), "", "lot-quarantine"},
		{free, "cannot be released twice", release(qa), "", "lot-not-quarantine"},
		{free, "QA blocks", block(qa), material.Blocked, ""},
		{free, "the production lead blocks", block(lead), material.Blocked, ""},
		{free, "an operator cannot block", block(operator), "", "lot-role"},
		{free, "an operator opens", open(operator), material.Released, ""},
		{free, "a nurse cannot open", open(as("nora", people.Nurse)), "", "lot-role"},
		{free, "logistics discards", discard(store), material.Consumed, ""},
		{free, "QA cannot discard", discard(qa), "", "lot-role"},
		{blocked, "cannot be blocked twice", block(qa), "", "lot-blocked-already"},
		{blocked, "cannot be released", release(qa), "", "lot-not-quarantine"},
		{blocked, "QA unblocks", unblock(qa), material.Released, ""},
		{blocked, "logistics cannot unblock", unblock(store), "", "lot-role"},
		{blocked, "cannot be opened", open(operator), "", "lot-blocked"},
		{blocked, "is discarded", discard(store), material.Blocked, ""},
		{rejected, "goes back to quarantine", unblock(qa), material.Quarantine, ""},
	} {
		t.Run(c.from+": "+c.name, func(t *testing.T) {
			s := received(t, ficoll())
			if c.from == free || c.from == blocked {
				drafts, err := s.Release(qa, morning)
				s.add(qa, morning, drafts, err)
			}
			if c.from == blocked || c.from == rejected {
				drafts, err := s.Block(qa, reason)
				s.add(qa, morning, drafts, err)
			}
			drafts, err := c.do(s)
			if c.code != "" {
				require.Empty(t, drafts)
				require.Equal(t, c.code, ledger.RefusalsOf(err)[0].Code, "%v", err)
				return
			}
			s.add(qa, morning, drafts, err)
			require.Equal(t, c.leads, s.StatusAt(morning))
			require.Equal(t, c.leads, s.Item().StatusAt(morning))
		})
	}
}

func TestABlockNeedsAReasonThatCanBePrinted_CS12(t *testing.T) {
	s := released(t, ficoll())
	for reason, code := range map[string]string{"": "reason-missing", " no ": "reason-missing", strings.Repeat("x", 501): "reason-missing", "recall 🙂 now": "not-printable"} {
		_, err := s.Block(qa, reason)
		require.Equal(t, code, ledger.RefusalsOf(err)[0].Code)
		_, err = s.Discard(store, ml("1"), reason)
		require.Equal(t, code, ledger.RefusalsOf(err)[0].Code)
	}
	drafts, err := s.Block(qa, "  recall 4711 ")
	s.add(qa, morning, drafts, err)
	require.Equal(t, "recall 4711", s.Decisions[len(s.Decisions)-1].Reason)
	err = s.MayUse(morning, want(morning))
	require.ErrorContains(t, err, "recall 4711", "who scans it learns why")
}

func TestAnExpiredLotIsNotReleased_AT21(t *testing.T) {
	s := received(t, ficoll())
	_, err := s.Release(qa, s.Expiry.Add(time.Second))
	refused(t, err, ledger.Unmet, "CS-67", "lot-expired")
}

func TestStatusFollowsFromTheClock_AT21(t *testing.T) {
	s := released(t, ficoll())
	require.Equal(t, material.Released, s.StatusAt(morning))
	require.Equal(t, material.Expired, s.StatusAt(s.Expiry.Add(time.Second)))
	require.Equal(t, s.Expiry, s.UsableUntil())
	drafts, err := s.Use(morning, want(morning), use("SVQ26000019", "100"))
	s.add(operator, morning, drafts, err)
	require.Equal(t, morning.Add(8*time.Hour), s.UsableUntil())
	require.Equal(t, material.Released, s.StatusAt(morning.Add(8*time.Hour)))
	require.Equal(t, material.OpenTooLong, s.StatusAt(morning.Add(8*time.Hour+time.Second)))
	require.Equal(t, material.Expired, received(t, ficoll()).StatusAt(s.Expiry.Add(time.Second)))
}

func TestDeliveryIsChecked_AT21(t *testing.T) {
	n, err := material.NewNumber("SVQ", 26, 1)
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		change func(*material.Delivery)
		code   string
	}{
		{"as it is", func(*material.Delivery) {}, ""},
		{"kits", func(d *material.Delivery) {
			d.Quantity, d.OpenFor = quantity.MustParse("20", "pcs"), quantity.Quantity{}
		}, ""},
		{"material with blanks", func(d *material.Delivery) { d.Material = "Ficoll Paque" }, "lot-material"},
		{"no material", func(d *material.Delivery) { d.Material = "" }, "lot-material"},
		{"no name", func(d *material.Delivery) { d.Name = " " }, "lot-text"},
		{"long supplier", func(d *material.Delivery) { d.Supplier = strings.Repeat("ñ", 121) }, "lot-text"},
		{"supplier lot that cannot be printed", func(d *material.Delivery) { d.SupplierLot = "A\x07B" }, "not-printable"},
		{"nothing received", func(d *material.Delivery) { d.Quantity = ml("0") }, "lot-quantity"},
		{"no quantity", func(d *material.Delivery) { d.Quantity = quantity.Quantity{} }, "lot-quantity"},
		{"about so much", func(d *material.Delivery) { d.Quantity = ml(">=100") }, "lot-quantity"},
		{"a unit of something else", func(d *material.Delivery) { d.Quantity = quantity.MustParse("5", "EU/mL") }, "lot-quantity"},
		{"too exact", func(d *material.Delivery) { d.Quantity = ml("0.0000001") }, "lot-quantity"},
		{"a lake", func(d *material.Delivery) { d.Quantity = ml("2e9") }, "lot-quantity"},
		{"open for a volume", func(d *material.Delivery) { d.OpenFor = ml("3") }, "lot-open-for"},
		{"open for no time", func(d *material.Delivery) { d.OpenFor = quantity.MustParse("0", "h") }, "lot-open-for"},
		{"open for ever", func(d *material.Delivery) { d.OpenFor = quantity.MustParse("9999", "d") }, "lot-open-for"},
		{"expired", func(d *material.Delivery) { d.Expiry = morning }, "lot-expired-already"},
		{"no expiry", func(d *material.Delivery) { d.Expiry = time.Time{} }, "lot-expired-already"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := ficoll()
			c.change(&d)
			drafts, err := material.Receive(store, morning, n, "ES-SVQ", d)
			if c.code == "" {
				require.NoError(t, err)
				require.Len(t, drafts, 1)
				return
			}
			require.Len(t, ledger.RefusalsOf(err), 1, "%v", err)
			require.Equal(t, c.code, ledger.RefusalsOf(err)[0].Code)
		})
	}
	_, err = material.Receive(qa, morning, n, "ES-SVQ", ficoll())
	refused(t, err, ledger.Forbidden, "CS-66", "lot-role")
	_, err = material.Receive(store, morning, n, "ES-SVQ", material.Delivery{})
	require.Len(t, ledger.RefusalsOf(err), 6, "a person learns all that is missing at once")
}

func TestExpiryOfADayEndsWithItsLastSecondInThePlant_AT21(t *testing.T) {
	seville, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	for text, want := range map[string]string{
		"2027-03-31": "2027-03-31T21:59:59Z", "2027-01-31": "2027-01-31T22:59:59Z", "2027-02": "2027-02-28T22:59:59Z", "2028-02": "2028-02-29T22:59:59Z",
		"2026-12": "2026-12-31T22:59:59Z", " 2027-03-31T12:00:00+02:00 ": "2027-03-31T10:00:00Z", "2026-10-25": "2026-10-25T22:59:59Z",
	} {
		got, err := material.ParseExpiry(text, seville)
		require.NoError(t, err, text)
		require.Equal(t, want, got.Format(time.RFC3339), text)
	}
	for _, text := range []string{"", "31.03.2027", "2027-3-1", "2027-02-29", "2027-13", "1999-12", "2101-01-01", "2027-03-31T12:00", "03/27", "2027", strings.Repeat("2", 5000)} {
		_, err := material.ParseExpiry(text, seville)
		refused(t, err, ledger.Invalid, "AT-21", "lot-expiry")
	}
}

func TestUnknownEntryTypeIsNotPassedOver(t *testing.T) {
	require.ErrorContains(t, (&material.Lot{}).Apply(ledger.Entry{Type: "lot.of-tomorrow"}), "lot.of-tomorrow")
}
