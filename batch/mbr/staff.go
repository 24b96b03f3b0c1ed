package mbr

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/people"
)

// checkPeople holds that who does a step may do it, that identity and critical values are checked by a second person (I7),
// and that nobody signs twice for one act (screens rule 13).
func (c *compiler) checkPeople(s *Step) {
	o := c.of(s)
	if s.Act == "" && s.Performer != "" && !s.Performer.May(people.ExecuteStep) {
		c.fault("MBR401", o.spot("performer"), fmt.Sprintf("%s may not execute steps (CS-66)", s.Performer), "name a role that works on the floor; others sign reviews and releases")
	}
	if s.Blind && s.Act == "" {
		for i, role := range s.roles() {
			at := o.spot("performer")
			if i == 1 {
				at = o.child("second").spot("role")
			}
			if role != "" && !role.May(people.SeeBlinded) {
				c.fault("MBR421", at, fmt.Sprintf("%s does not see the arm, and %s is blind (I11)", role, s.ID), "name a role that sees blinded content")
			}
		}
	}
	if s.Critical && s.Second == nil && s.Act == "" {
		c.fault("MBR403", o.spot("critical"), fmt.Sprintf("%s is critical and nobody checks it (I7)", s.ID), "write second: with another person, or act: with a signature")
	}
	if s.Act != "" {
		c.checkAct(o, s)
	}
	if s.Second != nil {
		c.checkSecond(o.child("second"), s)
	}
	for i, role := range s.roles() {
		at := o.spot("performer")
		if i == 1 {
			at = o.child("second").spot("role")
		}
		if _, worded := c.recipe.Roles[role]; role != "" && !worded {
			c.fault("MBR115", at, fmt.Sprintf("the recipe has no wording for the role %s of %s", role, s.ID), fmt.Sprintf("write %s: {en: …, es: …, de: …} under roles", role))
		}
	}
	for i, code := range s.Training {
		if _, known := c.recipe.Procedures[code]; !known {
			c.fault("MBR109", o.element("training", i), fmt.Sprintf("there is no procedure %q", code), meant(code, keys(c.recipe.Procedures)))
		}
		c.used["procedure "+code] = true
	}
	// The hospital trains its own people: who reads the record of the plant is of the plant.
	if len(c.recipe.Procedures) > 0 && len(s.Training) == 0 && s.Act == "" && (s.Material || s.Critical) && s.Performer.May(people.ReadRecord) {
		c.fault("MBR424", o.spot("performer"), fmt.Sprintf("%s asks for no training, and it is critical or handles the patient's material (CS-2)", s.ID), "write training: and the procedures of the step")
	}
}

// signers are the roles that sign an act.
var signers = map[Act]people.Permission{ActQAReview: people.Review, ActCertification: people.Certify}

func (c *compiler) checkAct(o *object, s *Step) {
	may, known := signers[s.Act]
	if known && s.Performer != "" && !s.Performer.May(may) {
		c.fault("MBR416", o.spot("performer"), fmt.Sprintf("%s may not sign the act %s (CS-66)", s.Performer, s.Act), "name the role that signs it")
	}
	if s.Second != nil {
		c.fault("MBR411", o.spot("second"), fmt.Sprintf("%s is done by a signature, and a second one is asked for the same act (screens rule 13)", s.ID), "leave second out")
	}
	if len(s.Fields) > 0 {
		c.fault("MBR423", o.spot("fields"), fmt.Sprintf("%s is done by a signature: its fields are asked of nobody", s.ID), "capture them in a step before it")
	}
	for _, before := range c.order[:c.position[s]] {
		if before.Act == s.Act {
			c.fault("MBR412", o.spot("act"), fmt.Sprintf("%s asks for the same signature as %s (screens rule 13)", s.ID, before.ID), "keep one of them")
			return
		}
	}
}

func (c *compiler) checkSecond(o *object, s *Step) {
	n := s.Second
	if n.Role != "" && !n.Role.May(people.VerifyStep) {
		c.fault("MBR402", o.spot("role"), fmt.Sprintf("%s may not verify steps (CS-66)", n.Role), "name a role that may, such as operator or qa")
	}
	if n.Field != "" && n.Mode != ScansAgain {
		c.fault("MBR410", o.spot("field"), fmt.Sprintf("the second person of %s scans nothing: the mode is %s", s.ID, n.Mode), "write mode: scan, or leave field out")
	}
	if len(n.Fields) > 0 && n.Mode != Retypes {
		c.fault("MBR410", o.spot("fields"), fmt.Sprintf("the second person of %s enters nothing: the mode is %s", s.ID, n.Mode), "write mode: retype, or leave fields out")
	}
	switch n.Mode {
	case Retypes:
		c.checkRetyped(o, s)
	case ScansAgain:
		c.eachPlant(s, func(site string) {
			if f, ok := s.Field(n.Field, site); !ok || f.Type != TypeScan {
				c.faultAt(site, "MBR406", o.spot("field"), fmt.Sprintf("the second person of %s {at} scans %q, which is no scan field of the step", s.ID, n.Field), "name a scan field of the step")
			}
		})
	case Confirms:
		if s.Critical && s.Performer == n.Role {
			c.fault("MBR404", o.at, fmt.Sprintf("%s is critical, and a second %s only confirms what the first one entered (I7)", s.ID, n.Role),
				"let the second person scan or enter the critical value without seeing the first one")
		}
	}
}

func (c *compiler) checkRetyped(o *object, s *Step) {
	if len(s.Second.Fields) == 0 {
		c.fault("MBR408", o.spot("mode"), fmt.Sprintf("the second person of %s enters again, but no field is named", s.ID), "write fields: and the fields to enter again")
	}
	for i, id := range s.Second.Fields {
		at := o.element("fields", i)
		if slices.Contains(s.Second.Fields[:i], id) {
			c.fault("MBR102", at, fmt.Sprintf("the second person of %s enters %q twice", s.ID, id), "name it once")
		}
		c.eachPlant(s, func(site string) {
			f, ok := s.Field(id, site)
			switch {
			case !ok:
				c.faultAt(site, "MBR407", at, fmt.Sprintf("the second person of %s {at} enters %q, which is no field of the step", s.ID, id), meant(id, s.fieldIDs()))
			case f.Type == TypeScan || f.Type == TypeComputed || f.Type == TypeFile || f.Captured != "" && f.Captured != ByTyping:
				c.faultAt(site, "MBR409", at, fmt.Sprintf("the second person of %s {at} enters %q, which nobody types", s.ID, id), "name what is typed; a scan is checked with mode: scan")
			}
		})
	}
}

// eachPlant asks for each plant at which a step is done.
func (c *compiler) eachPlant(s *Step, ask func(site string)) {
	for _, site := range keys(c.recipe.Variants) {
		if s.Applies(site) {
			ask(site)
		}
	}
}

// checkBudget holds the signatures that a plant's people give in an hour against what the plant accepts (screens rule 13).
func (c *compiler) checkBudget() {
	if c.recipe.Budget <= 0 {
		return
	}
	for _, site := range keys(c.recipe.Variants) {
		if rate, ok := c.recipe.SignaturesPerHour(site); ok && rate > c.recipe.Budget {
			c.faultAt(site, "MBR415", c.of(c.recipe).spot("signatures_per_hour"), fmt.Sprintf("people {at} sign %d times an hour, %d are accepted", rate, c.recipe.Budget),
				"take a signature away that protects nothing, or plan the time for it")
		}
	}
}

// SignaturesPerHour is how many signatures a plant gives per planned hour: second persons and acts, over the durations of the steps that
// say how long they take; rounded up. Not ok when no step says so.
func (r *Recipe) SignaturesPerHour(site string) (int, bool) {
	signatures, planned := 0, time.Duration(0)
	for _, s := range r.Steps() {
		if !s.Applies(site) || s.Duration == 0 {
			continue
		}
		planned += s.Duration
		signatures += s.signatures()
	}
	if planned == 0 {
		return 0, false
	}
	hours := time.Duration(signatures) * time.Hour
	return int((hours + planned - 1) / planned), true
}

// signatures is how often the step is signed for: by the second person, and where the step itself is a signature.
func (s *Step) signatures() int {
	n := 0
	if s.Second != nil {
		n++
	}
	if s.Act != "" {
		n++
	}
	return n
}
