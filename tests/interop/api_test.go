package interop

// The double of the vendor's API, running a scenario, and the product reading it.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// api is a running double. It serves until the test ends.
type api struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

func startAPI(t *testing.T, scenario string) api {
	t.Helper()
	command := exec.Command(need(t, apiDouble), "--scenario", scenario)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = command.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the API double of scenario %s said nothing: %v\n%s", scenario, err, stderr.Bytes())
	}
	var a api
	if err := json.Unmarshal(line, &a); err != nil || a.URL == "" || a.Token == "" {
		t.Fatalf("the API double of scenario %s said %q", scenario, line)
	}
	return a
}

// syncInto lets the product read the API into a file, which may hold syncs already.
func (a api) syncInto(t *testing.T, file string, arguments ...string) {
	t.Helper()
	program := need(t, product)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, append([]string{"-f", file}, arguments...)...)
	command.Dir = t.TempDir()
	// Nothing of the developer's own environment may steer the product. All runs share one home, where
	// it may keep its compiled component.
	command.Env = []string{
		"HOME=" + buildFolder, "TMPDIR=" + t.TempDir(), "TZ=UTC",
		"BATON_PLANETSCALE_API_URL=" + a.URL,
		"BATON_PLANETSCALE_SERVICE_TOKEN=" + a.Token,
	}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("baton-planetscale: %v\n%s", err, out)
	}
	if strings.Contains(string(out), a.Token) {
		t.Errorf("baton-planetscale printed the service token:\n%s", out)
	}
}

// syncFile is one sync of a scenario into a new file.
func syncFile(t *testing.T, scenario string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sync.c1z")
	startAPI(t, scenario).syncInto(t, file)
	return file
}
