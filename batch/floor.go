package batch

import (
	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
)

// Materials are the lots of the plant.
func (k *Book) Materials() *material.Book {
	return &material.Book{Log: k.Log, Site: k.Site, Clock: k.Clock}
}

// Equipment are the devices of the plant.
func (k *Book) Equipment() *equipment.Book {
	return &equipment.Book{Log: k.Log, Site: k.Site, Clock: k.Clock}
}

// Areas are the work areas of the plant.
func (k *Book) Areas() *area.Book {
	return &area.Book{Log: k.Log, Site: k.Site, Clock: k.Clock}
}
