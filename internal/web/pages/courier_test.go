package pages_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web"
	"rexbatch/internal/web/desk"
	"rexbatch/templates"
)

// The network is really gone: the server takes no connection. The page opens all the same, with its decoder.
func TestCourierPageOpensWithoutANetwork_Screens23(t *testing.T) {
	t.Parallel()
	f := newFloor(t, "es-svq")
	base, line := f.behindCut()
	b := newTab(t, base, phone)
	b.open("/courier/")
	b.is(`document.body.dataset.ready === "yes"`)
	line.set(true)
	b.open("/courier/")
	b.sees("Open the link that the plant or the hospital sent you.")
	require.True(t, eval[bool](b, `import("/static/courier/camera.js").then((m) => m.warm()).then(() => true)`))
	require.Equal(t, "gone", eval[string](b, `fetch("/worklist").then(() => "there", () => "gone")`), "nothing but the courier's page is kept")
	line.set(false)
}

// filmed is a browser of its own whose camera shows what the test holds before it.
func filmed(t *testing.T, base string) (*tab, func(image.Image)) {
	path, err := exec.LookPath("chromium")
	require.NoError(t, err)
	dir := t.TempDir()
	film := filepath.Join(dir, "film.mjpeg")
	hold := func(picture image.Image) {
		frame := image.NewRGBA(image.Rect(0, 0, 1280, 960))
		draw.Draw(frame, frame.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		at := picture.Bounds().Add(image.Pt((1280-picture.Bounds().Dx())/2, (960-picture.Bounds().Dy())/2).Sub(picture.Bounds().Min))
		draw.Draw(frame, at, picture, picture.Bounds().Min, draw.Src)
		// The file is written in place and always as long: a camera that is on films what is held before it from now on.
		require.NoError(t, write(film, asLong(t, frame)))
	}
	hold(image.NewGray(image.Rect(0, 0, 10, 10)))
	ctx, end := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-file-for-fake-video-capture", film), chromedp.UserDataDir(filepath.Join(dir, "profile")),
	)
	t.Cleanup(end)
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx))
	b := &tab{t: t, ctx: ctx, base: base, dir: os.Getenv("REXBATCH_SCREENSHOTS"), device: phone}
	b.do(chromedp.EmulateViewport(phone.width, phone.height, chromedp.EmulateTouch, chromedp.EmulateMobile))
	return b, hold
}

const filmSize = 3 << 20

// asLong is a film of one picture, filled up with comments to a fixed length.
func asLong(t *testing.T, frame image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, frame, &jpeg.Options{Quality: 92}))
	out := append([]byte(nil), b.Bytes()[:2]...)
	for left := filmSize - b.Len(); left > 0; {
		n := min(left, 65000)
		if left-n < 4 && left != n {
			n -= 4
		}
		out = append(out, 0xff, 0xfe, byte((n-2)>>8), byte(n-2))
		out = append(out, make([]byte, n-4)...)
		left -= n
	}
	return append(out, b.Bytes()[2:]...)
}

func write(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(content, 0)
	return errors.Join(err, f.Close())
}

// transport is a packed shipment at a floor, and people with passes for it.
type transport struct {
	*floor
	id    shipment.ID
	bag   isbt128.ContainerID
	plant *web.Plant
}

func (f *floor) transport() *transport {
	t := f.t
	plant := f.plants[0]
	part := f.parts[plant]
	tr := &transport{floor: f, plant: plant}
	for name, role := range map[string]people.Role{"nuria": people.Nurse, "luis": people.Courier, "marta": people.Logistics} {
		part.Hire(name, strings.ToUpper(name[:1])+name[1:]+" Vega", "en", role)
	}
	ctx, now := context.Background(), f.clock()
	var err error
	tr.bag, err = isbt128.ParseContainerID("A999926000123/F00020")
	require.NoError(t, err)
	ships := plant.Shipments()
	id, series, err := ships.Next(ctx)
	require.NoError(t, err)
	tr.id = id
	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "SVQ-01"}
	order, err := shipment.Order(id, by, now, shipment.Plan{
		Direction: shipment.ToPlant, CoI: "CHA999926000123", Batch: "SVQ2600001K", Box: "BOX-7",
		Lane:   shipment.Lane{ID: "cold", Low: quantity.MustParse("2.0", "degC"), High: quantity.MustParse("8.0", "degC"), Outside: 30 * time.Minute, Longest: 24 * time.Hour},
		Logger: shipment.Logger{Serial: "SVQT00021", CalibratedUntil: now.AddDate(1, 0, 0)},
		From:   shipment.Place{Party: chainofcustody.Hospital, Name: "Hospital, planta 3"}, To: shipment.Place{Party: chainofcustody.Plant, Name: "Sevilla", Site: "ES-SVQ"},
		Pickup: now.Add(time.Hour), Arrival: now.Add(20 * time.Hour),
	})
	require.NoError(t, err)
	stream, views, err := ships.Add(&shipment.Shipment{}, id, by, []ledger.Draft{order})
	require.NoError(t, err)
	_, err = plant.Log.Append(ctx, ledger.Append{Author: by, Streams: []ledger.StreamAppend{series, stream}, Views: views})
	require.NoError(t, err)
	nurse := ledger.Author{Account: "nuria", Role: string(people.Nurse), Terminal: "SVQ-01"}
	require.NoError(t, ships.Change(ctx, nurse, id, func(s *shipment.Shipment, now time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
		d, err := s.Pack(nurse, now, shipment.Packing{Containers: []string{tr.bag.String()}, Seals: []string{"P-100"}, Place: "planta 3"})
		return []ledger.Draft{d}, nil, nil, err
	}))
	return tr
}

// link is a pass for a person: the address with its secret behind the hash, and the PIN.
func (tr *transport) link(account string, role people.Role) (string, string) {
	by := ledger.Author{Account: "marta", Role: string(people.Logistics), Terminal: "SVQ-01"}
	_, secrets, err := tr.plant.People.IssuePass(context.Background(), by, people.NewPass{Account: account, Role: role, Scope: shipment.Stream(tr.id), Until: tr.clock().Add(48 * time.Hour)})
	require.NoError(tr.t, err)
	return "/courier/#" + desk.PassLink(tr.plant, secrets.Token), secrets.PIN
}

func (tr *transport) load() *shipment.Shipment {
	s, err := tr.plant.Shipments().Load(context.Background(), tr.id)
	require.NoError(tr.t, err)
	return s
}

// printedLabel is a container's label as a label printer prints it.
func printedLabel(t *testing.T, coi string, id isbt128.ContainerID) image.Image {
	set, err := label.Load(templates.Labels)
	require.NoError(t, err)
	parsed, err := isbt128.ParseCoI(coi)
	require.NoError(t, err)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	l, err := set.Lay(label.Facts{
		Kind: "harvest-bag", Language: "es", Content: isbt128.LabelContent{CoI: parsed, ID: id, Serial: 1}, Subject: "ES07-0042", Batch: "SVQ2600123X",
		Plant: label.Plant{
			Protocol: "REX-001-DEMO", Sponsor: "REX-001 demonstration sponsor", Contact: "+34 900 000 000", Manufacturer: "REX-001 demonstration plant Seville",
			Address: "Parque Tecnológico, 41092 Sevilla, España", ProductName: "REX-001 / placebo", StorageMin: "2", StorageMax: "8", Zone: time.UTC,
		},
		Collected: at, Prepared: at, Expires: at.Add(48 * time.Hour), Issued: at,
	})
	require.NoError(t, err)
	pdf, err := l.PDF()
	require.NoError(t, err)
	return papertest.Image(t, pdf, 1, 300)
}

func (b *tab) enterPIN(pin string) {
	b.write("#pin", pin)
	b.click("button.act")
}

// tap clicks a button by what it says.
func (b *tab) tap(text string) {
	b.t.Helper()
	b.is(fmt.Sprintf(`[...document.querySelectorAll("main button")].some((x) => x.textContent === %q && !x.disabled && (x.click(), true))`, text))
}

// Two phones in a cellar: the nurse hands over and the courier takes over by scanning her code and the bag's real label,
// with no network from the first load on. The server learns of it when one of them is back, once, signed by both.
func TestHandoverBetweenPhonesWithoutANetwork_Screens23(t *testing.T) {
	t.Parallel()
	f := newFloor(t, "es-svq")
	tr := f.transport()
	base, line := f.behindCut()
	bag, other := printedLabel(t, "CHA999926000123", tr.bag), printedLabel(t, "CHA999926000456", tr.bag)

	nurse, showNurse := filmed(t, base)
	link, pin := tr.link("nuria", people.Nurse)
	nurse.open(link)
	nurse.is(`document.querySelector("#pin") !== null`)
	for _, spoken := range [][2]string{{"es", "El PIN no es correcto."}, {"en", "The PIN is wrong."}} { // a refusal too is in the language of the page
		eval[bool](nurse, fmt.Sprintf(`((pick) => (pick.value = %q, pick.dispatchEvent(new Event("change"))))(document.querySelector("[data-lang-pick]"))`, spoken[0]))
		nurse.is(fmt.Sprintf(`document.documentElement.lang === %q && document.querySelector("#pin")?.value === ""`, spoken[0]))
		nurse.enterPIN("111112")
		nurse.sees(spoken[1])
	}
	nurse.enterPIN(pin)
	nurse.sees(string(tr.id))
	nurse.is(`document.body.dataset.ready === "yes" && !location.hash`)
	courier, showCourier := filmed(t, base)
	link, pin = tr.link("luis", people.Courier)
	courier.open(link)
	courier.enterPIN(pin)
	courier.sees(string(tr.id))
	courier.is(`document.body.dataset.ready === "yes"`)
	eval[bool](courier, `import("/static/courier/camera.js").then((m) => m.warm()).then(() => true)`)
	courier.shot("courier-home-en")

	line.set(true)
	courier.open("/courier/") // also the page itself comes from the phone
	courier.enterPIN(pin)
	courier.sees(string(tr.id))

	showNurse(bag)
	nurse.tap("Hand over")
	nurse.is(`document.querySelector("#place") !== null`) // the camera has read the label
	nurse.write("#seals", "P-100")
	nurse.write("#place", "planta 3")
	nurse.shot("courier-details-en")
	nurse.tap("I hand over")
	nurse.is(`document.querySelector("canvas.offer")?.width > 300`)
	nurse.shot("courier-offer-en")
	offer := nurse.canvas("canvas.offer")

	showCourier(offer)
	courier.tap("Take over")
	courier.sees("Scan the label of the container.")
	courier.tap("Back")
	showCourier(other) // a bag that is not of this shipment
	courier.tap("Scan a label")
	courier.sees("this label does not belong to the shipment")
	courier.shot("courier-stop-en")
	showCourier(offer)
	courier.tap("Report it")
	courier.tap("Back")
	courier.tap("Take over")
	courier.is(`document.querySelector("main h1 + p")?.textContent === "Scan the label of the container."`)
	courier.write("#typed", "A9999 26 000132 F00020 "+string(tr.bag.Check()))
	courier.tap("Use this code")
	courier.sees("The check character does not fit")
	eval[string](courier, `document.querySelector("#typed").value = ""`)
	courier.write("#typed", "A9999 26 000123 F00020 "+string(tr.bag.Check())) // a label that the camera cannot read is typed
	courier.tap("Use this code")
	courier.is(`document.querySelector("#place") !== null`)
	courier.write("#seals", "P-100")
	courier.write("#place", "planta 3")
	courier.tap("I take over")
	courier.sees("on this phone")
	courier.shot("courier-kept-en")
	require.Empty(t, tr.load().Legs, "nobody but the two phones knows")
	courier.open("/courier/")
	courier.enterPIN(pin)
	courier.sees("on this phone") // it survived

	line.set(false)
	eval[bool](courier, `document.dispatchEvent(new Event("visibilitychange"))`)
	courier.sees("confirmed by both")
	courier.shot("courier-confirmed-en")
	s := tr.load()
	require.Len(t, s.Legs, 1)
	require.Equal(t, "luis", s.Chain().Holder().Account)
	require.Equal(t, shipment.InTransit, s.Status())
	require.True(t, s.Chain().Whole(), "%+v", s.Chain().Flags)
	require.Len(t, s.Legs[0].Evidence, 2)

	eval[bool](nurse, `document.dispatchEvent(new Event("visibilitychange"))`) // her phone delivers what is delivered
	nurse.tap("It was scanned")
	nurse.sees("confirmed by both")
	require.Len(t, tr.load().Legs, 1, "once")
	for _, lang := range []string{"es", "de"} {
		eval[bool](courier, fmt.Sprintf(`(p => (p.value = %q, p.dispatchEvent(new Event("change")), true))(document.querySelector("[data-lang-pick]"))`, lang))
		courier.is(fmt.Sprintf(`document.documentElement.lang === %q`, lang))
		courier.shot("courier-home-" + lang)
	}
	record, err := tr.plant.Phones().Load(context.Background(), s.Legs[0].Receiver.Terminal[len("phone/"):])
	require.NoError(t, err)
	require.Len(t, record.Events, 2, "the foreign label's scan is kept too")
	require.Contains(t, record.Events[0].Scanned, "CHA999926000456", "as it was read")
}

// canvas is what a canvas of the page shows.
func (b *tab) canvas(selector string) image.Image {
	b.t.Helper()
	url := eval[string](b, fmt.Sprintf(`document.querySelector(%q).toDataURL("image/png")`, selector))
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "data:image/png;base64,"))
	require.NoError(b.t, err)
	img, err := png.Decode(bytes.NewReader(raw))
	require.NoError(b.t, err)
	return img
}
