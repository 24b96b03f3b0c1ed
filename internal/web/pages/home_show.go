package pages

// homeShow is GET /.
func (v *visit) homeShow() error { return v.to("/worklist") }
