package pages

import (
	"net/http"
	"slices"
)

// languageSet is POST /language: the language of this terminal before sign-in, and the person's own after it.
func (v *visit) languageSet() error {
	lang := v.FormValue("lang")
	if !slices.Contains(languages, lang) {
		lang = v.lang
	}
	v.remember(langCookie, lang)
	if v.desk == nil && v.FormValue("spoken") != "" { // on the sign-in page: what stands there stays
		v.words = wordsIn(v.site.all, lang)
		p := v.signInPage()
		p.Spoken, p.Kept = lang, v.keptAgain()
		return v.render(http.StatusOK, "signin", p)
	}
	if v.desk != nil && v.desk.Session.Lang != lang {
		err := v.plant().People.SetLang(v.ctx(), v.desk.Session, lang)
		if err != nil {
			return err
		}
	}
	return v.to(local(v.FormValue("return")))
}
