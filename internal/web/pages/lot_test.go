package pages_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// lot receives a lot that was changed a little, and releases it unless it is to stay in quarantine.
func (c *crew) lot(quarantine bool, change func(*material.Delivery)) material.Number {
	c.t.Helper()
	ctx, k := context.Background(), c.plant.Batches.Materials()
	d := material.Delivery{
		Material: "gradient-medium", Name: "Ficoll-Paque PREMIUM 1.077", Supplier: "Cytiva", SupplierLot: "10331275",
		Expiry: time.Date(2027, 3, 31, 21, 59, 59, 0, time.UTC), Quantity: quantity.MustParse("500", "mL"), OpenFor: quantity.MustParse("8", "h"),
	}
	if change != nil {
		change(&d)
	}
	n, err := k.Receive(ctx, c.author(people.Logistics, false), d)
	require.NoError(c.t, err)
	if !quarantine {
		require.NoError(c.t, k.Release(ctx, c.author(people.QA, false), n, 0))
	}
	return n
}

// onLot appends a decision about a lot as a batch does.
func (c *crew) onLot(n material.Number, decide func(*material.Lot, time.Time) ([]ledger.Draft, error)) {
	c.t.Helper()
	ctx, by := context.Background(), c.author(people.Operator, false)
	l, err := c.plant.Batches.Materials().Load(ctx, n)
	require.NoError(c.t, err)
	now, expected := c.clock(), l.Version
	drafts, err := decide(l, now)
	require.NoError(c.t, err)
	views, err := l.Provisional(by, now, drafts)
	require.NoError(c.t, err)
	_, err = c.plant.Log.Append(ctx, ledger.Append{Author: by, Views: views, Streams: []ledger.StreamAppend{{Stream: material.Stream(n), Expected: expected, Drafts: drafts}}})
	require.NoError(c.t, err)
}

// useLot uses a lot in a batch.
func (c *crew) useLot(n material.Number, number, q string) {
	c.t.Helper()
	b, _ := c.state(number)
	c.onLot(n, func(l *material.Lot, now time.Time) ([]ledger.Draft, error) {
		return l.Use(now, material.Want{Material: l.Material}, material.Use{
			Batch: number, CoI: b.CoI.String(), Subject: b.Subject, Step: "S17", Quantity: quantity.MustParse(q, l.Quantity.Unit()),
		})
	})
}

// A delivery comes in, is released, is recalled and freed again through the forms.
func TestALotThroughTheForms_AT20(t *testing.T) {
	c := seville(t, "es")
	nicolas, ines := c.browser().signIn("nicolas"), c.browser().signIn("ines")
	nicolas.get("/lots").ok().has("Recibir un suministro", "No hay ningún lote")
	nicolas.get("/lots/receive").ok().has("Caducidad")
	typed := []string{"material", "gradient-medium", "name", "Ficoll-Paque PREMIUM 1.077", "supplier", "Cytiva", "supplier_lot", "10331275",
		"day", "end", "month", "03", "year", "2027", "unit", "mL", "open_for", "8", "open_for_unit", "h"}
	short := nicolas.post("/lots", append(typed, "quantity", "1.234")...)
	require.Equal(t, http.StatusUnprocessableEntity, short.status)
	short.has("Ficoll-Paque PREMIUM 1.077", `value="10331275"`, `<option value="end" selected>`)
	p := nicolas.post("/lots", append(typed, "quantity", "500,5")...).ok().has("El suministro está en cuarentena", "L-SVQ26-00001-", "500,5", "31 MAR 2027", "Bloquear el lote").hasNot("Liberar el lote")
	at := p.path[:len("/lots/L-SVQ26-00001-X")]

	p = ines.get(at).ok().has("Liberar el lote", `class="matrix"`, "Nicolás Ordóñez Gil")
	seen := p.field("seen")
	ines.post(at+"/release", "seen", seen).ok().has("El lote está liberado")
	stale := ines.post(at+"/block", "seen", seen, "reason", "Retirada 4711")
	require.Equal(t, http.StatusConflict, stale.status)
	stale.has("Vuelva a mirar el lote", "Retirada 4711")
	n, err := material.ParseNumber(at[len("/lots/"):])
	require.NoError(t, err)
	number := c.open("ES01-003")
	c.useLot(n, number, "120.5")
	c.browser().signIn("ana").get(at).ok().has(number, "ES01-003", "380,0", "Abrir otro envase").hasNot("Bloquear el lote", "Desechar")
	p = ines.get(at).ok().has("Lotes en los que se ha utilizado: 1.")
	ines.post(at+"/block", "seen", p.field("seen"), "reason", "Retirada 4711").ok().has("Bloqueado", "Retirada 4711", "Levantar el bloqueo")
	nicolas.get("/lots?raw=" + n.String()).ok().has("Retirada 4711") // a scanned number leads to its lot
	nicolas.get("/lots?raw=1033").ok().has(n.String(), "Bloqueado", "Cytiva")
	nicolas.get("/lots?raw=Miltenyi").ok().has("Ningún lote coincide con «Miltenyi»")
	p = ines.get(at).ok()
	ines.post(at+"/unblock", "seen", p.field("seen"), "reason", "La retirada nombra otros lotes").ok().has("El bloqueo está levantado", "La retirada nombra otros lotes")
	nicolas.post(at+"/discard", "quantity", "380,1", "unit", "mL", "reason", "Botella rota").has("le quedan 380,0", "380,1", "Botella rota")
	nicolas.post(at+"/discard", "quantity", "380", "unit", "mL", "reason", "Botella rota").ok().has("Agotado", "Botella rota").hasNot(">Desechar<")
}

// A use that was recorded in error stays to be seen, beside its correction (AT-20).
func TestAReversedUseIsShownAsOne(t *testing.T) {
	c := seville(t, "de")
	n, number := c.lot(false, nil), c.open("ES01-003")
	c.useLot(n, number, "120.5")
	c.useLot(n, number, "30")
	c.onLot(n, func(l *material.Lot, _ time.Time) ([]ledger.Draft, error) {
		return l.Reverse(l.Uses[0].Entry, "Falsche Flasche gescannt")
	})
	c.onLot(n, func(l *material.Lot, _ time.Time) ([]ledger.Draft, error) {
		return l.Correct(l.Uses[1].Entry, quantity.MustParse("40", "mL"), "Zahlendreher")
	})
	c.browser().signIn("ines").get("/lots/"+n.String()).ok().
		has("<s>120,5\u00a0mL</s>", "Irrtümlich erfasst", "Falsche Flasche gescannt", "<s>30\u00a0mL</s>", "40\u00a0mL", "Zahlendreher", "460,0\u00a0mL", "Chargen: 1")
}

func TestHospitalSeesNoStock_CS66(t *testing.T) {
	c := seville(t, "en")
	n := c.lot(false, nil)
	nurse := c.browser().signIn("rocio")
	nurse.get("/worklist").ok().hasNot(`href="/lots"`)
	require.Equal(t, http.StatusForbidden, nurse.get("/lots").status)
	require.Equal(t, http.StatusForbidden, nurse.get("/lots/"+n.String()).status)
	require.Equal(t, http.StatusForbidden, nurse.post("/lots/"+n.String()+"/open").status)
	ana := c.browser().signIn("ana")
	ana.get("/lots").ok().hasNot("Receive a delivery")
	require.Equal(t, http.StatusForbidden, ana.get("/lots/receive").status)
	require.Equal(t, http.StatusNotFound, ana.get("/lots?raw=L-SVQ26-00099-"+check(t, 99)).status)
}

func check(t *testing.T, sequence uint64) string {
	n, err := material.NewNumber("SVQ", 26, sequence)
	require.NoError(t, err)
	return n.String()[len(n.String())-1:]
}

// stock are lots in every status, for the pictures and for the rules of a page.
func (c *crew) stock() (used, blocked material.Number) {
	ctx, k := context.Background(), c.plant.Batches.Materials()
	used = c.lot(false, nil)
	first, second := c.open("ES01-003"), c.open("ES01-007")
	c.useLot(used, first, "120.5")
	c.useLot(used, second, "100")
	c.onLot(used, func(l *material.Lot, _ time.Time) ([]ledger.Draft, error) {
		return l.Reverse(l.Uses[1].Entry, "Botella equivocada: se escaneó otra")
	})
	c.useLot(used, second, "98.5")
	require.NoError(c.t, k.Discard(ctx, c.author(people.Logistics, false), used, 0, quantity.MustParse("12.5", "mL"), "Derramado en la cabina"))
	pbs := func(d *material.Delivery) {
		d.Material, d.Name, d.Supplier, d.SupplierLot = "wash-buffer", "PBS/EDTA con HSA 0,5 %", "Miltenyi Biotec", "5210-A7"
	}
	stale := c.lot(false, pbs)
	c.useLot(stale, first, "250")
	c.pass(9 * time.Hour)
	c.lot(true, pbs)
	c.lot(false, func(d *material.Delivery) {
		d.Name, d.SupplierLot, d.Expiry = "Ficoll-Paque PREMIUM 1.077", "10329981", c.clock().Add(20*24*time.Hour)
	})
	blocked = c.lot(false, func(d *material.Delivery) {
		d.Material, d.Name, d.Supplier, d.SupplierLot = "heparin", "Heparina sódica 5000 UI/mL", "Laboratorios Rovi", "H-2291"
		d.Quantity, d.OpenFor = quantity.MustParse("50", "pcs"), quantity.Quantity{}
	})
	require.NoError(c.t, k.Block(ctx, c.author(people.QA, false), blocked, 0, "Retirada 4711 del proveedor"))
	gone := c.lot(false, func(d *material.Delivery) {
		d.Material, d.Name, d.Supplier, d.SupplierLot = "tube-50", "Tubos de 50 mL estériles", "Sarstedt", "2110455"
		d.Quantity, d.OpenFor = quantity.MustParse("4", "pcs"), quantity.Quantity{}
	})
	require.NoError(c.t, k.Discard(ctx, c.author(people.Logistics, false), gone, 0, quantity.MustParse("4", "pcs"), "Envase dañado"))
	c.lot(false, func(d *material.Delivery) { d.SupplierLot, d.Expiry = "10311002", c.clock().Add(time.Hour) })
	c.pass(2 * time.Hour)
	return used, blocked
}

// No date of numbers alone, nothing inline, and every status has its word (screens, rules 18 and 21).
func TestLotPagesKeepThePolicy(t *testing.T) {
	c := seville(t, "es")
	used, _ := c.stock()
	qa, logistics := c.browser().signIn("ines"), c.browser().signIn("nicolas")
	qa.get("/lots").ok().has("Cuarentena", "Liberado", "Bloqueado", "Plazo tras apertura vencido", "Caducado", "Agotado")
	for _, p := range []page{qa.get("/lots"), qa.get("/lots/" + used.String()), logistics.get("/lots/receive")} {
		p.ok()
		require.Empty(t, inline.FindString(p.body), p.path)
		require.Empty(t, numericDate.FindString(p.text()), p.path)
		require.NotContains(t, p.body, "ZgotmplZ")
	}
}

// TestPicturesOfLots takes a picture of each page at its device.
func TestPicturesOfLots(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			used, blocked := c.stock()
			for _, d := range []struct {
				device
				shows []show
			}{
				{desktop, []show{
					{"lots-qa-" + lang, "ines", "/lots", "light", true},
					{"lots-dark-" + lang, "ines", "/lots", "dark", false},
					{"lot-" + lang, "nicolas", "/lots/" + used.String(), "light", true},
					{"lot-dark-" + lang, "nicolas", "/lots/" + used.String(), "dark", true},
					{"receive-" + lang, "nicolas", "/lots/receive", "light", true},
					{"lot-blocked-" + lang, "ines", "/lots/" + blocked.String(), "light", false},
				}},
				{terminal, []show{
					{"lots-" + lang, "ana", "/lots", "light", false},
					{"lot-" + lang, "ana", "/lots/" + used.String(), "light", true},
				}},
				{phone, []show{{"lot-" + lang, "nicolas", "/lots/" + used.String(), "light", true}}},
			} {
				newTab(t, c.server.URL, d.device).tour(d.name, d.shows)
			}
		})
	}
}
