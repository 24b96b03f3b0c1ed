package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"rexbatch/templates"
)

// courierPolicy is the content policy of the courier's page: like every page's, and the decoder of its camera is
// WebAssembly from this server.
const courierPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; media-src 'self' blob:; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

type courierPage struct {
	Lang      string
	Languages []choice
	Demo      bool
}

// courierShow is GET /courier/: the shell of the page that couriers carry on their phones (screens, rule 23). It is
// the same for everybody: who opens it, and for what, stands in the part of the link that no server sees.
func (v *visit) courierShow() error {
	page := courierPage{Lang: v.lang, Demo: v.site.deps.Demo}
	for _, lang := range languages {
		page.Languages = append(page.Languages, choice{Code: lang, Name: languageNames[lang], Chosen: lang == v.lang})
	}
	v.Response().Header().Set("Content-Security-Policy", courierPolicy)
	return v.renderPart(http.StatusOK, "courier", "courier", page)
}

// courierWords is GET /courier/words.json: the page's wording in every language, so that it speaks without a network.
func (v *visit) courierWords() error {
	return v.JSON(http.StatusOK, courierWording(v.site.all))
}

func courierWording(all map[string]catalogue) map[string]catalogue {
	out := map[string]catalogue{}
	for lang, words := range all {
		out[lang] = catalogue{}
		for key, text := range words {
			if strings.HasPrefix(key, "courier.") || strings.HasPrefix(key, "refusal.pass-") || strings.HasPrefix(key, "refusal.shipment-cancelled.") || key == "demo" || key == "menu.language" {
				out[lang][key] = text
			}
		}
	}
	return out
}

// courierWorker is GET /courier/sw.js: the worker that keeps the page on the phone. Its edition is the digest of all
// that it keeps, so that a phone fetches the whole page again when anything of it has changed.
func (v *visit) courierWorker() error {
	script, err := courierScript()
	if err != nil {
		return err
	}
	v.Response().Header().Set("Cache-Control", "no-cache")
	return v.Blob(http.StatusOK, "text/javascript; charset=utf-8", script)
}

var cachedFile = regexp.MustCompile(`"/static/([^"]+)"`)

var courierScript = sync.OnceValues(func() ([]byte, error) {
	script, err := fs.ReadFile(templates.Static, "static/courier/sw.js")
	if err != nil {
		return nil, fmt.Errorf("courier's page: %w", err)
	}
	h := sha256.New()
	for _, name := range cachedFile.FindAllSubmatch(script, -1) {
		file, err := fs.ReadFile(templates.Static, "static/"+string(name[1]))
		if err != nil {
			return nil, fmt.Errorf("courier's page: %w", err)
		}
		h.Write(file)
	}
	shell, err := fs.ReadFile(templates.Pages, "pages/courier.html")
	if err != nil {
		return nil, fmt.Errorf("courier's page: %w", err)
	}
	h.Write(shell)
	for _, lang := range languages {
		for _, topic := range []string{"courier", "bedside"} {
			words, err := fs.ReadFile(templates.Lang, "lang/"+lang+"/"+topic+".json")
			if err != nil {
				return nil, fmt.Errorf("courier's page: %w", err)
			}
			h.Write(words)
		}
	}
	return bytes.Replace(script, []byte("EDITION"), []byte(hex.EncodeToString(h.Sum(nil)[:8])), 1), nil
})
