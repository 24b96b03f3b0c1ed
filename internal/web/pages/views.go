package pages

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"rexbatch/templates"
)

// views are the templates: what every page shares in each language, so that "t" speaks that language, and the pages themselves, each
// made when it is first asked for. A server is up in less time than it takes to make all of them; a test makes every one.
type views struct {
	shared map[string]*template.Template // by language; nobody renders these
	files  map[string]string             // by name of the page

	mu    sync.Mutex
	pages map[string]*template.Template
}

// parsed are the templates of the program: they are the same for every server in a process.
var parsed = sync.OnceValues(func() (*views, error) {
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	return parseViews(all)
})

// shared are the files that every page may use.
const (
	layoutFile = "pages/layout.html"
	partsGlob  = "pages/part_*.html"
)

func parseViews(all map[string]catalogue) (*views, error) {
	files, err := fs.Glob(templates.Pages, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("page templates: %w", err)
	}
	v := &views{shared: map[string]*template.Template{}, files: map[string]string{}, pages: map[string]*template.Template{}}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name != "layout" && !strings.HasPrefix(name, "part_") {
			v.files[name] = file
		}
	}
	for _, lang := range languages {
		w := wordsIn(all, lang)
		v.shared[lang], err = template.New("").Funcs(template.FuncMap{"t": w.T, "dict": dict, "page": pageName("")}).ParseFS(templates.Pages, layoutFile, partsGlob)
		if err != nil {
			return nil, fmt.Errorf("page templates: %w", err)
		}
	}
	return v, nil
}

// page is the template of a page in a language.
func (v *views) page(lang, name string) (*template.Template, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := lang + "/" + name
	if t, ok := v.pages[key]; ok {
		return t, nil
	}
	shared, file := v.shared[lang], v.files[name]
	if shared == nil || file == "" {
		return nil, fmt.Errorf("no page %q in %q", name, lang)
	}
	t, err := shared.Clone()
	if err == nil {
		t, err = t.Funcs(template.FuncMap{"page": pageName(name)}).ParseFS(templates.Pages, file)
	}
	if err != nil {
		return nil, fmt.Errorf("page template %s: %w", name, err)
	}
	v.pages[key] = t
	return t, nil
}

// pageName is the name of a page's template, for the page itself to say.
func pageName(name string) func() string { return func() string { return name } }

// render writes a page. It is made whole before the first byte goes out, so that an error is still an error page.
func (v *visit) render(status int, page string, data any) error {
	return v.renderPart(status, page, "layout", data)
}

// renderPart writes one named part of a page.
func (v *visit) renderPart(status int, page, part string, data any) error {
	t, err := v.site.views.page(v.lang, page)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, part, data)
	if err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	h := v.Response().Header()
	h.Set("Cache-Control", "no-store") // a shared terminal must not show a page again from its cache
	h.Set("Vary", "Cookie, Accept-Language")
	return v.Blob(status, echo.MIMETextHTMLCharsetUTF8, b.Bytes())
}

// dict hands several things to a part of a page, by name.
func dict(pairs ...any) (map[string]any, error) {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %d is no text", i)
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}
