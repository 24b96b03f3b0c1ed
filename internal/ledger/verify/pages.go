package verify

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"sort"
)

// This file reads the bbolt file format from the pages themselves, without the bbolt library and without a memory map:
// a damaged page is then an error, never a crash, and nothing is shared with the writer.
//
// A page is a header (number 8, flags 2, count 2, further pages 4 bytes), then count elements of 16 bytes that point at
// keys and values behind them. All numbers are little endian.
const (
	headerSize  = 16
	elementSize = 16
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	flagBranch  = 0x01
	flagLeaf    = 0x02
	flagMeta    = 0x04
	flagFree    = 0x10
	flagBucket  = 0x01 // of a leaf element
	noFreelist  = ^uint64(0)
	maxDepth    = 32
	cacheBytes  = 64 << 20
)

var errPages = errors.New("database file is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errPages, fmt.Sprintf(format, args...))
}

// pages is one consistent state of a database file.
type pages struct {
	r        io.ReaderAt
	pageSize int64
	root     uint64 // of the bucket of buckets
	freelist uint64
	limit    uint64 // pages at and above it are not in use
	txid     uint64
	used     []bool // pages that were reached by walk
	cache    map[uint64][]byte
	cached   int // bytes in cache
}

// openPages takes the newest intact meta page.
func openPages(r io.ReaderAt) (*pages, error) {
	head := make([]byte, headerSize+64)
	_, err := r.ReadAt(head, 0)
	if err != nil {
		return nil, damaged("no first page: %v", err)
	}
	var best *pages
	size := int64(binary.LittleEndian.Uint32(head[headerSize+8:]))
	for _, at := range []int64{0, size, 4096, 16384, 65536} {
		if at != 0 {
			_, err = r.ReadAt(head, at)
			if err != nil {
				continue
			}
		}
		m := head[headerSize:]
		sum := fnv.New64a()
		_, err = sum.Write(m[:56])
		if err != nil {
			return nil, err
		}
		if binary.LittleEndian.Uint16(head[8:])&flagMeta == 0 || binary.LittleEndian.Uint32(m) != metaMagic ||
			binary.LittleEndian.Uint32(m[4:]) != metaVersion || binary.LittleEndian.Uint64(m[56:]) != sum.Sum64() {
			continue
		}
		p := &pages{r: r, pageSize: int64(binary.LittleEndian.Uint32(m[8:])), root: binary.LittleEndian.Uint64(m[16:]),
			freelist: binary.LittleEndian.Uint64(m[32:]), limit: binary.LittleEndian.Uint64(m[40:]), txid: binary.LittleEndian.Uint64(m[48:])}
		if best == nil || p.txid > best.txid {
			best = p
		}
	}
	if best == nil || best.pageSize < 512 || best.limit > 1<<40 {
		return nil, damaged("neither of the two meta pages is intact")
	}
	best.used = make([]bool, best.limit)
	best.cache = map[uint64][]byte{}
	return best, nil
}

// page reads a page with those that belong to it.
func (p *pages) page(id uint64) ([]byte, error) {
	if id < 2 || id >= p.limit {
		return nil, damaged("there is no page %d", id)
	}
	buf := make([]byte, p.pageSize)
	_, err := p.r.ReadAt(buf, int64(id)*p.pageSize)
	if err != nil {
		return nil, damaged("page %d: %v", id, err)
	}
	more := uint64(binary.LittleEndian.Uint32(buf[12:]))
	if binary.LittleEndian.Uint64(buf) != id || id+more >= p.limit {
		return nil, damaged("page %d has a wrong header", id)
	}
	if more > 0 {
		rest := make([]byte, int64(more)*p.pageSize)
		_, err = p.r.ReadAt(rest, int64(id+1)*p.pageSize)
		if err != nil {
			return nil, damaged("page %d: %v", id, err)
		}
		buf = append(buf, rest...)
	}
	return buf, nil
}

// lookUp is page for look-ups, which come back to the same pages.
func (p *pages) lookUp(id uint64) ([]byte, error) {
	buf, ok := p.cache[id]
	if ok {
		return buf, nil
	}
	buf, err := p.page(id)
	if err != nil {
		return nil, err
	}
	if p.cached > cacheBytes {
		clear(p.cache)
		p.cached = 0
	}
	p.cache[id], p.cached = buf, p.cached+len(buf)
	return buf, nil
}

// element is one line of a page: a key with a value, or with the number of the page below.
type element struct {
	key, value []byte
	child      uint64
	bucket     bool
}

func count(page []byte) int { return int(binary.LittleEndian.Uint16(page[10:])) }

// isLeaf also refuses what is neither leaf nor branch.
func isLeaf(page []byte) (bool, error) {
	switch flags := binary.LittleEndian.Uint16(page[8:]); {
	case len(page) < headerSize+count(page)*elementSize:
		return false, damaged("a page has too many elements")
	case flags == flagLeaf:
		return true, nil
	case flags == flagBranch:
		return false, nil
	default:
		return false, damaged("a page has flags %#x", flags)
	}
}

func elementAt(page []byte, i int, leaf bool) (element, error) {
	at := headerSize + i*elementSize
	e := page[at:]
	u32 := func(off int) uint64 { return uint64(binary.LittleEndian.Uint32(e[off:])) }
	pos, keyLen, valueLen := u32(0), u32(4), uint64(0)
	out := element{}
	if leaf {
		pos, keyLen, valueLen = u32(4), u32(8), u32(12)
		out.bucket = u32(0)&flagBucket != 0
		if u32(0) > flagBucket {
			return out, damaged("an element has flags %#x", u32(0))
		}
	} else {
		out.child = binary.LittleEndian.Uint64(e[8:])
	}
	if pos+keyLen+valueLen > uint64(len(e)) {
		return out, damaged("an element points out of its page")
	}
	out.key = e[pos : pos+keyLen : pos+keyLen]
	out.value = e[pos+keyLen : pos+keyLen+valueLen : pos+keyLen+valueLen]
	return out, nil
}

// tree is a bucket: the number of its root page, or the page itself when it is small enough to live in its
// parent (inline).
type tree struct {
	root   uint64
	inline []byte
}

func (p *pages) top() tree { return tree{root: p.root} }

func bucketOf(e element) (tree, error) {
	if !e.bucket || len(e.value) < 16 {
		return tree{}, damaged("%q is not a bucket", e.key)
	}
	root := binary.LittleEndian.Uint64(e.value)
	if root == 0 && len(e.value) < 16+headerSize {
		return tree{}, damaged("bucket %q is too short", e.key)
	}
	return tree{root: root, inline: e.value[16:]}, nil
}

// walk visits all elements of a bucket as they lie in the file, and marks its pages as used. visit comes before the
// check of the order of keys, so that it can name what is wrong with an element.
func (p *pages) walk(t tree, visit func(e element) error) error {
	if t.root == 0 {
		return p.walkPage(t.inline, nil, nil, 0, visit)
	}
	return p.descend(t.root, nil, nil, 0, visit)
}

func (p *pages) descend(id uint64, low, high []byte, depth int, visit func(e element) error) error {
	page, err := p.page(id)
	if err != nil {
		return err
	}
	err = p.mark(id, uint64(binary.LittleEndian.Uint32(page[12:])))
	if err != nil {
		return err
	}
	return p.walkPage(page, low, high, depth, visit)
}

// walkPage visits the elements of a page, whose keys must ascend within [low, high).
func (p *pages) walkPage(page, low, high []byte, depth int, visit func(e element) error) error {
	leaf, err := isLeaf(page)
	if err != nil {
		return err
	}
	if depth > maxDepth {
		return damaged("a tree is too deep")
	}
	n := count(page)
	var last []byte
	for i := range n {
		e, err := elementAt(page, i, leaf)
		if err != nil {
			return err
		}
		if leaf {
			err = visit(e)
			if err != nil {
				return err
			}
		}
		if bytes.Compare(e.key, low) < 0 || high != nil && bytes.Compare(e.key, high) >= 0 || i > 0 && bytes.Compare(last, e.key) >= 0 {
			return damaged("key %q is out of order", e.key)
		}
		last = e.key
		if leaf {
			continue
		}
		end := high
		if i+1 < n {
			next, err := elementAt(page, i+1, false)
			if err != nil {
				return err
			}
			end = next.key
		}
		err = p.descend(e.child, e.key, end, depth+1, visit)
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pages) mark(id, more uint64) error {
	for i := id; i <= id+more; i++ {
		if p.used[i] {
			return damaged("page %d is used twice", i)
		}
		p.used[i] = true
	}
	return nil
}

// get looks one key up.
func (p *pages) get(t tree, key []byte) (value []byte, ok bool, err error) {
	page := t.inline
	if t.root != 0 {
		page, err = p.lookUp(t.root)
	}
	for depth := 0; err == nil && depth <= maxDepth; depth++ {
		leaf, err := isLeaf(page)
		if err != nil {
			return nil, false, err
		}
		// The first element with a key greater than key; the one before it is key, or leads to it.
		at := sort.Search(count(page), func(i int) bool {
			e, bad := elementAt(page, i, leaf)
			if bad != nil {
				err = bad
			}
			return bytes.Compare(e.key, key) > 0
		})
		if err != nil {
			return nil, false, err
		}
		if at == 0 {
			return nil, false, nil
		}
		e, err := elementAt(page, at-1, leaf)
		if err != nil {
			return nil, false, err
		}
		if leaf {
			return e.value, bytes.Equal(e.key, key), nil
		}
		page, err = p.lookUp(e.child)
		if err != nil {
			return nil, false, err
		}
	}
	if err == nil {
		err = damaged("a tree is too deep")
	}
	return nil, false, err
}

// checkUse holds the list of free pages against the pages that were reached: each page must be exactly one of them.
func (p *pages) checkUse() error {
	if p.freelist == noFreelist {
		return damaged("the list of free pages is missing")
	}
	page, err := p.page(p.freelist)
	if err != nil {
		return err
	}
	err = p.mark(p.freelist, uint64(binary.LittleEndian.Uint32(page[12:])))
	if err != nil {
		return err
	}
	if binary.LittleEndian.Uint16(page[8:]) != flagFree {
		return damaged("page %d is not a list of free pages", p.freelist)
	}
	n, ids := uint64(count(page)), page[headerSize:]
	if n == 0xFFFF { // more than fit in the header: the first number is the count
		n, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		return damaged("the list of free pages is too long")
	}
	for i := range n {
		id := binary.LittleEndian.Uint64(ids[8*i:])
		if id < 2 || id >= p.limit || p.used[id] {
			return damaged("page %d is on the list of free pages, but is not free", id)
		}
		p.used[id] = true
	}
	for id := uint64(2); id < p.limit; id++ {
		if !p.used[id] {
			return damaged("page %d is neither used nor free", id)
		}
	}
	return nil
}
