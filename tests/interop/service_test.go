package interop

// Service mode: the product and a connector on the Go SDK work for the same C1, on the same tasks. What
// each of them asked is compared call by call; where they differ, a row below says why. The file that
// the product uploaded is judged as the other files are.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var (
	fakeC1 = sync.OnceValues(func() (string, error) {
		return program("FAKE_C1_BIN", func() (string, error) {
			return cargoBuild("fake-c1")
		})
	})
	referenceService = sync.OnceValues(func() (string, error) {
		return program("REFERENCE_BIN", func() (string, error) {
			path := filepath.Join(buildFolder, "reference-service")
			out, err := exec.Command("go", "build", "-o", path, "./reference/service").CombinedOutput()
			if err != nil {
				return "", fmt.Errorf("build the reference connector: %w\n%s", err, out)
			}
			return path, nil
		})
	})
)

// A row allows the calls of one kind to differ in one field.
type serviceDisagreement struct {
	call, path, reason string
	seen               bool
}

func serviceDisagreements() []*serviceDisagreement {
	rows := []*serviceDisagreement{
		{
			call: "hello", path: ".os.platform_version",
			reason: "On some systems a file of that system has a finer version than os-release, which is what the " +
				"product reads everywhere. C1 shows the text and does nothing with it.",
		},
		{
			call: "finish", path: ".status[1]",
			reason: "The SDK puts its own words around a refusal: the status as text, and that the task is not to be " +
				"retried, which the message says in a field of its own. The product sends the sentence alone.",
		},
	}
	rows = append(rows,
		&serviceDisagreement{
			call: "hello", path: ".build",
			reason: "Each says what it was built from: language, package, version.",
		},
		&serviceDisagreement{
			call: "hello", path: ".description",
			reason: "Each has its own sentence. C1 shows the one of its catalog.",
		},
	)
	for _, call := range []string{"token", "hello", "task", "heartbeat", "upload", "finish"} {
		rows = append(rows, &serviceDisagreement{
			call: call, path: ".agent",
			reason: "Each names itself and the library it speaks with.",
		})
	}
	return rows
}

func TestServiceModeAsksC1WhatTheGoSDKAsks(t *testing.T) {
	a := startAPI(t, "demo")
	ours, file := work(t, a, need(t, product))
	theirs, _ := work(t, a, need(t, referenceService))
	checkLists(t, file, expect(manifestOf(t, "demo")))

	rows := serviceDisagreements()
	for _, task := range unionOf(ours, theirs) {
		for _, d := range compare("", ours[task], theirs[task]) {
			row := serviceRow(rows, d)
			if row == nil {
				t.Errorf("task %q: %v", task, d)
				continue
			}
			row.seen = true
		}
	}
	// The first row shows on some systems only.
	for _, row := range rows[1:] {
		if !row.seen {
			t.Errorf("the calls %s do not differ in %s any more: %s", row.call, row.path, row.reason)
		}
	}
}

func serviceRow(rows []*serviceDisagreement, d difference) *serviceDisagreement {
	for _, row := range rows {
		if d.path == "."+row.call+row.path {
			return row
		}
	}
	return nil
}

// work lets a program do everything that a C1 has for it. It gives what was asked, by task and call, and
// the file that was uploaded. Calls that repeat (heartbeats) count once.
func work(t *testing.T, a api, program string) (map[string]object, string) {
	t.Helper()
	folder := t.TempDir()
	// Built before the time begins that the work may take.
	fake := need(t, fakeC1)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c1 := exec.CommandContext(ctx, fake, folder)
	if err := c1.Start(); err != nil {
		t.Fatal(err)
	}
	var environment map[string]string
	for json.Unmarshal(readIfThere(folder, "environment.json"), &environment) != nil {
		if ctx.Err() != nil {
			t.Fatal("the fake C1 did not start")
		}
		time.Sleep(10 * time.Millisecond)
	}
	service := exec.CommandContext(ctx, program)
	service.Dir = folder
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	service.Stderr = log
	service.Env = []string{
		"HOME=" + buildFolder, "TMPDIR=" + t.TempDir(), "TZ=UTC", "PATH=" + os.Getenv("PATH"),
		"BATON_HOST_ID=host-1",
		"BATON_PLANETSCALE_API_URL=" + a.URL,
		"BATON_PLANETSCALE_SERVICE_TOKEN=" + a.Token,
	}
	for name, value := range environment {
		service.Env = append(service.Env, name+"="+value)
	}
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	err = c1.Wait()
	_ = service.Process.Signal(os.Interrupt)
	ended := service.Wait()
	if err != nil || ended != nil {
		t.Fatalf("the tasks came to no end: %v, %v\n%s", err, ended, readIfThere(folder, "log"))
	}

	var seen []object
	if err := json.Unmarshal(readIfThere(folder, "seen.json"), &seen); err != nil {
		t.Fatal(err)
	}
	calls := map[string]object{}
	for _, s := range seen {
		if text(s, "answered") != "Well" {
			t.Errorf("%s: a call was answered with %s: %v", program, text(s, "answered"), s)
		}
		task := text(s, "what", "task_id")
		if calls[task] == nil {
			calls[task] = object{}
		}
		call, _ := s["what"].(object)
		if call == nil {
			call = object{}
		}
		call["agent"] = s["agent"]
		calls[task][text(s, "call")] = call
	}
	return calls, filepath.Join(folder, "sync-0.c1z")
}

// readIfThere is a file's content, or nothing.
func readIfThere(folder, name string) []byte {
	content, _ := os.ReadFile(filepath.Join(folder, name))
	return content
}
