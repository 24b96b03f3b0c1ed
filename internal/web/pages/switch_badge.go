package pages

import "net/http"

// switchBadge is POST /switch/badge: whose badge was scanned. It opens nothing (CS-34).
func (v *visit) switchBadge() error {
	here := v.here()
	if here == nil {
		return v.switchWho(v.problem("CS-67", "terminal-unregistered"))
	}
	who, err := here.Identify(v.ctx(), v.FormValue("badge"))
	if err != nil {
		return v.switchWho(v.problems(err, nil)...)
	}
	p := switchPage{Who: &who}
	return v.renderPart(http.StatusOK, "switch", "who", p)
}

func (v *visit) switchWho(problems ...Problem) error {
	return v.renderPart(http.StatusUnprocessableEntity, "switch", "who", switchPage{frame: frame{Problems: problems}})
}
