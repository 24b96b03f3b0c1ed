package pages

import (
	"html/template"
	"net/http"
	"strings"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// badgeCard is a badge as it is printed.
type badgeCard struct {
	Name, Site, Serial string
	Code               string // in groups, to be typed where it cannot be scanned
	Matrix             template.HTML
}

// badgeIssue is POST /people/:username/badge. The code is in this answer and nowhere else.
func (v *visit) badgeIssue() error {
	by, err := v.desk.Acting("", desk.Is(people.Admin))
	if err != nil {
		return err
	}
	_, badge, err := v.plant().People.IssueBadge(v.ctx(), by, v.Param("username"), v.why())
	if err != nil {
		return v.personPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.personPage(http.StatusOK, &badge)
}

// grouped parts a code behind its mark by fours, as people read it.
func grouped(code string) string {
	const mark = len("RB-B-")
	var b strings.Builder
	b.WriteString(code[:mark])
	for i, r := range code[mark:] {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}
