package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Access says who may use a route. The zero Access lets nobody in.
type Access struct {
	level level
	any   []people.Permission
	roles []people.Role
}

type level int

const (
	closed level = iota
	open
	signedIn
	allowed
)

var (
	// Anyone needs no session.
	Anyone = Access{level: open}
	// SignedIn needs a session, also one that must change its password first (CS-35).
	SignedIn = Access{level: signedIn}
)

// May needs one of the permissions.
func May(any ...people.Permission) Access { return Access{level: allowed, any: any} }

// As needs one of the roles.
func As(roles ...people.Role) Access { return Access{level: allowed, roles: roles} }

// Public tells whether no session is needed.
func (a Access) Public() bool { return a.level == open }

func (a Access) allows(r people.Role) bool {
	return a.level == signedIn || a.level == open || slices.Contains(a.roles, r) || slices.ContainsFunc(a.any, r.May)
}

// lets tells whether a person with these roles gets in.
func (a Access) lets(roles []people.Role) bool { return slices.ContainsFunc(roles, a.allows) }

// String names what is needed, for people.
func (a Access) String() string {
	var out []string
	for _, p := range a.any {
		out = append(out, string(p))
	}
	for _, r := range a.roles {
		out = append(out, "role "+string(r))
	}
	switch {
	case len(out) > 0:
		return strings.Join(out, " or ")
	case a.level == signedIn:
		return "a signed-in person"
	case a.level == open:
		return "nothing"
	}
	return "what nobody has"
}

// Audit is what a route leaves behind.
type Audit string

// The audit classes of routes.
const (
	Reads   Audit = "reads"     // nothing
	Session Audit = "session"   // entries in the person's own account stream
	Manages Audit = "accounts"  // entries in another account's stream, with a reason (CS-16)
	Records Audit = "record"    // entries in a batch or therapy stream
	Signs   Audit = "signature" // entries with an electronic signature (I8)

	Configures Audit = "terminals" // entries in a terminal's stream, with a reason (CS-67)
	Keeps      Audit = "draft"     // what is typed and not confirmed: no entry (DI-19)
)

// Route is one row of the table.
type Route struct {
	Method, Path string // as echo writes it, e.g. "/batches/:batch"
	Who          Access
	Audit        Audit
	Passive      bool // asked by a page by itself: does not keep the session alive (CS-38)
}

var table = func() map[string]Route {
	m := map[string]Route{}
	for _, r := range Routes() {
		m[r.Method+" "+r.Path] = r
	}
	return m
}()

// RouteOf finds a route of the table by method and echo path.
func RouteOf(method, path string) (Route, bool) {
	r, ok := table[method+" "+path]
	return r, ok
}

// Readable tells whether a path is that of a page that can be opened.
func Readable(path string) bool {
	parts := strings.Split(path, "/")
	return slices.ContainsFunc(Routes(), func(r Route) bool {
		pattern := strings.Split(r.Path, "/")
		return r.Method == http.MethodGet && !strings.HasPrefix(r.Path, "/static/") && slices.EqualFunc(pattern, parts, func(want, got string) bool {
			return want == got || strings.HasPrefix(want, ":") && got != ""
		})
	})
}

// CheckRoutes is the error that names the first route which is served but not in the table.
func CheckRoutes(served []*echo.Route) error {
	for _, r := range served {
		if _, ok := RouteOf(r.Method, r.Path); !ok {
			return fmt.Errorf("web: route %s %s is not in the table of routes", r.Method, r.Path)
		}
	}
	return nil
}

// Guard is the one permission check: it finds the person of a request and holds the request against the table.
func (d *Deps) Guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		route, ok := RouteOf(r.Method, c.Path())
		if !ok { // every served route is in the table (CheckRoutes), so nothing is served there
			return noRoute(c.Path())
		}
		if route.Who.Public() {
			return next(c)
		}
		at, err := d.at(r, route.Passive)
		if err != nil {
			return err
		}
		at.Route = route
		err = at.admit()
		if err != nil {
			return err
		}
		c.SetRequest(r.WithContext(With(r.Context(), at)))
		return next(c)
	}
}

func noRoute(path string) error {
	for _, r := range Routes() {
		if r.Path == path {
			return echo.NewHTTPError(http.StatusMethodNotAllowed)
		}
	}
	return echo.NewHTTPError(http.StatusNotFound)
}

// Opens tells whether the person may open a page: what leads to one that refuses them is not shown. path is as it stands in
// the table of routes; one that is not there opens to nobody.
func (d *Desk) Opens(path string) bool { return table[get+" "+path].Who.lets(d.Session.Roles) }

// admit holds the person against the route.
func (d *Desk) admit() error {
	who := d.Route.Who
	if who.level == signedIn {
		return nil
	}
	if d.Session.MustChange {
		_, err := d.Session.Author(d.Session.Roles[0])
		return err
	}
	if who.lets(d.Session.Roles) {
		return nil
	}
	rule, next := "CS-66", "ask somebody who may"
	if d.Session.Has(people.Admin) {
		rule, next = "CS-40", "an administrator runs the system and touches no record"
	}
	return ledger.Refuse(ledger.Forbidden, rule, "not-allowed", "{name} ({roles}) may not do this, it needs: {needs}", next,
		"name", d.Session.Name, "roles", names(d.Session.Roles), "needs", who.String())
}
