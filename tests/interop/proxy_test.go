package interop

// Which requests go through a proxy, and which past it: a machine on which a connector in Go worked has
// variables that Go understands. Go's own reader of them is the table; ours must say the same of every
// combination of entries and addresses, and of many that are put together at random.

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"
)

type proxyCase struct {
	HTTP  string `json:"http"`
	HTTPS string `json:"https"`
	No    string `json:"no"`
	CGI   bool   `json:"cgi"`
	URL   string `json:"url"`
}

// official says what Go does, in the words of the example `proxies`.
func (c proxyCase) official(t *testing.T) string {
	target, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	config := httpproxy.Config{HTTPProxy: c.HTTP, HTTPSProxy: c.HTTPS, NoProxy: c.No, CGI: c.CGI}
	proxy, err := config.ProxyFunc()(target)
	switch {
	case err != nil:
		return "closed"
	case proxy == nil:
		return "direct"
	case proxy.Scheme != "http":
		// The one way to speak to a proxy that ours knows.
		return "closed"
	default:
		return proxy.Host
	}
}

var (
	proxyHosts = []string{
		"api.example.com", "example.com", "a.b.example.com", "example.com.", "notexample.com", "API.Example.COM",
		"localhost", "LOCALHOST", "localhost.", "sub.localhost", "127.0.0.1", "127.9.9.9", "10.0.0.7", "10.1.2.3",
		"192.168.1.1", "0.0.0.0", "[::1]", "[2001:db8::1]", "[2001:DB8::1]", "[fd00::7]", "[::ffff:10.0.0.7]",
		"[::ffff:127.0.0.1]", "xn--bcher-kva.example", "www.xn--bcher-kva.example", "intranet",
	}
	proxyPorts   = []string{"", ":80", ":443", ":8080"}
	proxyEntries = []string{
		"", "*", "**", "*.", ".", "..", "*.*", "*.com", ".com", "com", "*com", "*example.com",
		"example.com", "EXAMPLE.com", ".example.com", "*.example.com", "api.example.com", "example.com.", ".Example.COM",
		"localhost", "intranet", "sub.localhost", "bücher.example", ".bücher.example", "*.BÜCHER.example", "xn--bcher-kva.example",
		"10.0.0.7", "10.0.0.0/8", "10.0.0.0/0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.7/32",
		"0.0.0.0/0", "010.0.0.7", "10.0.0", "10.", "10.0.0.*", "127.0.0.1", "127.0.0.0/8", "0.0.0.0",
		"::1", "[::1]", "2001:db8::1", "2001:DB8::/32", "[2001:db8::1]", "[2001:db8::/32]", "fd00::/8", "::/0",
		"::ffff:10.0.0.7", "::ffff:10.0.0.0/104", "::ffff:0.0.0.0/96", "::ffff:10.0.0.0/90", "[fd00::7", "fd00::7]", "[]", "[",
		"http://example.com", "example.com/path", "user@example.com", "exa mple.com", "example.com;10.0.0.7",
	}
	proxyBlanks = []string{"", " ", "\t", "  "}
)

func proxyCases() []proxyCase {
	var cases []proxyCase
	add := func(no, target string) {
		cases = append(cases, proxyCase{
			HTTP: "http://proxy.test:3128", HTTPS: "proxy.test:3129", No: no, URL: target,
		})
	}
	for _, entry := range proxyEntries {
		for _, port := range append(proxyPorts, ":", ":x", ":0443") {
			for _, host := range proxyHosts {
				for _, at := range proxyPorts {
					add(entry+port, "https://"+host+at+"/v1/organizations?page=1")
				}
				add(entry+port, "http://"+host+"/")
			}
		}
	}
	random := rand.New(rand.NewSource(1))
	pick := func(from []string) string { return from[random.Intn(len(from))] }
	for range 20_000 {
		var list []string
		for range random.Intn(4) {
			entry := pick(proxyEntries) + pick(proxyPorts)
			if random.Intn(2) == 0 {
				entry = strings.ToUpper(entry)
			}
			list = append(list, pick(proxyBlanks)+entry+pick(proxyBlanks))
		}
		scheme := pick([]string{"http", "https"})
		add(strings.Join(list, ","), scheme+"://"+pick(proxyHosts)+pick(proxyPorts)+"/")
		last := &cases[len(cases)-1]
		last.HTTP = pick([]string{"", "http://proxy.test:3128", "proxy.test", "http://user:word@proxy.test:1/", "socks5://proxy.test:1080", "https://proxy.test"})
		last.HTTPS = pick([]string{"", "http://proxy.test:3129", "10.0.0.1:8080", "http://user@proxy.test", "[::1]:3128"})
		last.CGI = random.Intn(20) == 0
	}
	return cases
}

func TestProxiesAreChosenAsByGo(t *testing.T) {
	cases := proxyCases()
	var asked bytes.Buffer
	lines := json.NewEncoder(&asked)
	for _, c := range cases {
		if err := lines.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(need(t, proxies))
	command.Stdin = &asked
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d questions", len(answers), len(cases))
	}
	wrong, through := 0, 0
	for i, c := range cases {
		official := c.official(t)
		if official != "direct" && official != "closed" {
			through++
		}
		if answers[i] == official {
			continue
		}
		if wrong++; wrong <= 20 {
			t.Errorf("NO_PROXY=%q HTTP_PROXY=%q HTTPS_PROXY=%q CGI=%v: %s: ours says %s, Go %s",
				c.No, c.HTTP, c.HTTPS, c.CGI, c.URL, answers[i], official)
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d differ", wrong, len(cases))
	}
	if through == 0 || through == len(cases) {
		t.Errorf("%d of %d go through a proxy: nothing was compared", through, len(cases))
	}
}
