package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/paper/papertest"
)

// printed prints the record of a batch and waits for the page that offers the file.
func (b *browser) printed(number, lang string) page {
	b.t.Helper()
	p := b.post("/batches/"+number+"/record-print", "lang", lang).ok()
	for range 10_000 {
		if p.header.Get("Refresh") == "" {
			return p
		}
		p = b.get(p.path).ok()
	}
	b.t.Fatal("the print does not end")
	return p
}

func TestRecordIsPrintedFromItsPage_CS10(t *testing.T) { // CS-10
	c := seville(t, "en")
	number := c.open("ES01-003")
	qa := c.browser().signIn("ines")
	qa.get("/batches/"+number+"/record").ok().has("Print the whole record (PDF):", "Español + English", "Deutsch + English")
	p := qa.printed(number, "es")
	p.has("Finished, ", "Download the PDF", `value="100"`)
	file := qa.get(p.path + "/pdf").ok()
	require.Equal(t, "application/pdf", file.header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="`+number+`-record.pdf"`, file.header.Get("Content-Disposition"))
	require.Contains(t, papertest.Text(t, []byte(file.body)), "Registro de fabricación del lote")
	other := c.browser().signIn("mercedes").get(p.path)
	require.Equal(t, http.StatusNotFound, other.status)
	other.has("There is no such print", "Print the record again.")
	require.Empty(t, inline.FindString(p.body))
}

// TestPicturesOfThePrint shows the way to the print and its end, in light and dark.
func TestPicturesOfThePrint(t *testing.T) {
	forLooking(t)
	c := seville(t, "es")
	number := c.open("ES01-003")
	b := newTab(t, c.server.URL, desktop)
	b.signIn("ines")
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		b.open("/batches/" + number + "/record")
		b.shot("print-record-" + theme)
		b.click(`.print-as button[value="es"]`)
		b.sees("Descargar el PDF")
		b.shot("print-finished-" + theme)
	}
	require.True(t, strings.HasPrefix(number, "SVQ"))
}

// Whoever comes to enter a value again without having seen it does not read it in a print either (I7).
func TestBlindSecondPersonDoesNotPrint_I7(t *testing.T) { // I7
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S03")
	c.browser().signIn("jorge").printed(number, "es")
	c.perform(number, step(c, number))
	refused := c.browser().signIn("jorge").post("/batches/"+number+"/record-print", "lang", "es")
	require.Equal(t, http.StatusConflict, refused.status)
	refused.has("waits for a second person who has not seen its values")
	c.browser().signIn("ines").printed(number, "es")
}
