// Package interop lets other people's programs judge the files that baton-planetscale writes: the
// official `baton` command, and a connector written on the official SDK. Everything here reads what
// the product produced from the outside, as a customer's machine would.
package interop

// The programs the tests drive. Each is built once, when a test first asks for it, so that one test
// does not wait for programs it has no use for. A path in the environment replaces a build:
// BATON_PLANETSCALE_BIN, PLANETSCALE_API_BIN, FAKE_C1_BIN, PROXIES_BIN, GRAPHS_BIN, REFERENCE_BIN and BATON_BIN.

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// repository is the root of the cargo workspace, seen from this folder.
const repository = "../.."

var buildFolder string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "interop-programs-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	buildFolder = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

var (
	product = sync.OnceValues(func() (string, error) {
		return program("BATON_PLANETSCALE_BIN", func() (string, error) {
			return cargoBuild("baton-planetscale")
		})
	})
	apiDouble = sync.OnceValues(func() (string, error) {
		return program("PLANETSCALE_API_BIN", func() (string, error) {
			return cargoBuild("planetscale-api")
		})
	})
	proxies = sync.OnceValues(func() (string, error) {
		return program("PROXIES_BIN", func() (string, error) {
			return cargoBuild("proxies")
		})
	})
	graphs = sync.OnceValues(func() (string, error) {
		return program("GRAPHS_BIN", func() (string, error) {
			return cargoBuild("graphs")
		})
	})
	official = sync.OnceValues(func() (string, error) {
		return program("BATON_BIN", func() (string, error) {
			path := filepath.Join(buildFolder, "baton")
			out, err := exec.Command("go", "build", "-o", path, "github.com/conductorone/baton-sdk/cmd/baton").CombinedOutput()
			if err != nil {
				return "", fmt.Errorf("build the official baton command: %w\n%s", err, out)
			}
			return path, nil
		})
	})
)

// need gives the path of a program, or ends the test: without the judges there is no verdict, and a
// skipped test would look like a good one.
func need(t *testing.T, which func() (string, error)) string {
	t.Helper()
	path, err := which()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func program(variable string, build func() (string, error)) (string, error) {
	path := os.Getenv(variable)
	if path == "" {
		return build()
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s names a program that is not there: %w", variable, err)
	}
	return filepath.Abs(path)
}

// cargoBuild gives one program of the workspace.
func cargoBuild(name string) (string, error) {
	programs, err := cargoPrograms()
	if err != nil {
		return "", err
	}
	path, ok := programs[name]
	if !ok {
		return "", fmt.Errorf("cargo build named no program %q", name)
	}
	return path, nil
}

// cargoPrograms builds all programs of the workspace that the tests drive, and asks cargo where it put them.
// The packages are those of `cargo test`: fewer of them would have other features, and all that was built
// for the other tests would be built once more.
var cargoPrograms = sync.OnceValues(func() (map[string]string, error) {
	command := exec.Command("cargo", "build", "--quiet", "--locked", "--message-format=json",
		"--bin", "baton-planetscale", "--example", "planetscale-api", "--example", "fake-c1", "--example", "proxies",
		"--example", "graphs")
	command.Dir = repository
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%v: %w\n%s", command, err, stderr.Bytes())
	}
	programs := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var message struct {
			Target     struct{ Name string }
			Executable string
		}
		if json.Unmarshal(lines.Bytes(), &message) == nil && message.Executable != "" {
			programs[message.Target.Name] = message.Executable
		}
	}
	return programs, lines.Err()
})
