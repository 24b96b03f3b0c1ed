package pages

import "rexbatch/release/record"

// printCreate is POST /batches/:batch/record-print.
func (v *visit) printCreate() error {
	number := v.Param("batch")
	id, err := v.desk.PrintRecord(v.ctx(), number, v.FormValue("lang"))
	if err != nil {
		return err
	}
	return v.to("/batches/" + number + "/record-print/" + id)
}

// printLanguages are the languages in which a record is printed, that of the plant first; each is printed with English.
func (v *visit) printLanguages() []choice {
	var out []choice
	for _, lang := range record.Languages() {
		c := choice{Code: lang, Name: languageNames[lang]}
		if lang != "en" {
			c.Name += " + English"
		}
		if lang == v.plant().Profile.Language {
			out = append([]choice{c}, out...)
			continue
		}
		out = append(out, c)
	}
	return out
}
