package pages

// themeSet is POST /theme: light or dark is a setting of the workplace, not of the person (screens, rule 19).
func (v *visit) themeSet() error {
	theme := v.FormValue("theme")
	if theme != "light" && theme != "dark" {
		theme = "auto"
	}
	v.remember(themeCookie, theme)
	return v.to(local(v.FormValue("return")))
}
