package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rexbatch/batch"
	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// maxBody is what a request may carry. The largest that a person sends is an assessment of two pages.
const maxBody = 1 << 20

// maxMasterBody is a master batch record file (master.MaxFile) with what carries it: the escapes of JSON, or a form.
const maxMasterBody = 6 << 20

// maxLoggerBody is a logger file and its PDF (temperature.MaxFile each) with what carries them: base64 in JSON, or a form.
const maxLoggerBody = 2*temperature.MaxFile*4/3 + 64<<10

// maxFormBody is a scanned paper form (batch.MaxForm) with what carries it.
const maxFormBody = batch.MaxForm*4/3 + 64<<10

// maxForeignBody is a document of custody events from elsewhere (epcis.MaxDocument) in base64.
const maxForeignBody = 12 << 20

// maxDossierBody is a dossier (batch.MaxDossier) with what carries it.
const maxDossierBody = batch.MaxDossier*4/3 + 64<<10

// bodyOf is what a request may carry on a route, in bytes.
func bodyOf(method, path string) int64 {
	path = strings.TrimPrefix(path, desk.API)
	if method == http.MethodPost && (path == "/masters" || path == "/masters/:recipe/:version/revise") {
		return maxMasterBody
	}
	if method == http.MethodPost && path == "/shipments/:shipment/logger" {
		return maxLoggerBody
	}
	if method == http.MethodPost && (path == "/batches/:batch/identity-proof" || path == "/batches/:batch/packs/:pack/return") {
		return maxFormBody
	}
	if method == http.MethodPost && path == "/taken-on" {
		return maxDossierBody
	}
	if method == http.MethodPost && path == "/imports/epcis" {
		return maxForeignBody
	}
	return maxBody
}

// csp lets a page load from this server alone, run no inline script or style, and stand in no frame.
const csp = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

// secure sets what a browser is told with every answer. Records are not kept in caches; static files say otherwise
// for themselves.
func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		if desk.Encrypted(c.Request()) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// limitBody refuses a body that says it is too large without reading it, and stops reading one that does not say.
func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		most := bodyOf(r.Method, c.Path())
		if r.ContentLength > most {
			c.Response().Header().Set("Connection", "close")
			return desk.TooLarge(most)
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
		return next(c)
	}
}

// checkTarget refuses an address with bytes that are no text: they would stand in messages and names of streams.
func checkTarget(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		target := c.Request().URL
		query, err := url.QueryUnescape(target.RawQuery)
		if err != nil || !isText(target.Path) || !isText(query) {
			return ledger.Refuse(ledger.Invalid, "DI-8", "address", "the address has characters that are not text", "use the addresses that the server gives")
		}
		return next(c)
	}
}

func isText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) < 0
}

// refuseForged refuses what another site made a browser send (CSRF). A request with its own token is none of those:
// a browser adds cookies by itself, never an Authorization header.
func (s *Server) refuseForged(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if desk.IsBearer(r) {
			return next(c)
		}
		err := protection.Check(r)
		if err != nil {
			return desk.CrossOrigin()
		}
		return next(c)
	}
}
