// The manifests in deploy/ are what Kubernetes itself would read: each is decoded into the type of its kind, and a
// field that the type does not have, or one that is there twice, is an error.
package deploy

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// What each kind is decoded into.
func typeOf(of metav1.TypeMeta) any {
	switch of.APIVersion + "/" + of.Kind {
	case "v1/Namespace":
		return &corev1.Namespace{}
	case "v1/PersistentVolumeClaim":
		return &corev1.PersistentVolumeClaim{}
	case "apps/v1/Deployment":
		return &appsv1.Deployment{}
	case "batch/v1/CronJob":
		return &batchv1.CronJob{}
	case "networking.k8s.io/v1/NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	}
	return nil
}

func documents(t *testing.T, name string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(text, []byte("\n---\n"))
}

// Every manifest by its name.
func manifests(t *testing.T) map[string][]any {
	t.Helper()
	found := map[string][]any{}
	for _, name := range []string{"kubernetes.yaml", "kubernetes-once.yaml"} {
		for _, document := range documents(t, name) {
			var of metav1.TypeMeta
			if err := yaml.Unmarshal(document, &of); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			into := typeOf(of)
			if into == nil {
				t.Fatalf("%s: no type for %s of %s", name, of.Kind, of.APIVersion)
			}
			if err := yaml.UnmarshalStrict(document, into); err != nil {
				t.Errorf("%s: %s: %v", name, of.Kind, err)
			}
			found[name] = append(found[name], into)
		}
	}
	return found
}

// The pod that a manifest makes, if it makes one.
func podOf(object any) *corev1.PodSpec {
	switch of := object.(type) {
	case *appsv1.Deployment:
		return &of.Spec.Template.Spec
	case *batchv1.CronJob:
		return &of.Spec.JobTemplate.Spec.Template.Spec
	}
	return nil
}

func TestEveryManifestIsOfItsType(t *testing.T) {
	for name, objects := range manifests(t) {
		pods := 0
		for _, object := range objects {
			if podOf(object) != nil {
				pods++
			}
		}
		if pods != 1 {
			t.Errorf("%s makes %d kinds of pods", name, pods)
		}
	}
}

func TestNoSecretStandsInAManifest(t *testing.T) {
	for name, objects := range manifests(t) {
		for _, object := range objects {
			pod := podOf(object)
			if pod == nil {
				continue
			}
			for _, variable := range pod.Containers[0].Env {
				secret := strings.Contains(variable.Name, "SECRET") || strings.Contains(variable.Name, "TOKEN")
				if secret && !strings.HasSuffix(variable.Name, "_FILE") {
					t.Errorf("%s: the variable %s holds a secret; name a file of the mounted one", name, variable.Name)
				}
			}
			for _, from := range pod.Containers[0].EnvFrom {
				t.Errorf("%s: a secret is made into variables: %v", name, from)
			}
		}
	}
}

func TestEveryPodIsHeldInBounds(t *testing.T) {
	for name, objects := range manifests(t) {
		for _, object := range objects {
			pod := podOf(object)
			if pod == nil {
				continue
			}
			container := pod.Containers[0]
			_, digest, found := strings.Cut(container.Image, "@sha256:")
			if !found || len(digest) != 64 {
				t.Errorf("%s: the image %s is not named by its digest", name, container.Image)
			}
			for _, resource := range []corev1.ResourceName{
				corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage,
			} {
				limit, there := container.Resources.Limits[resource]
				request := container.Resources.Requests[resource]
				if !there || limit.Cmp(request) < 0 || limit.IsZero() || request.IsZero() {
					t.Errorf("%s: %s is asked for as %v and limited to %v", name, resource, &request, &limit)
				}
			}
		}
	}
}

func TestEverythingIsInTheNamespaceThatIsMade(t *testing.T) {
	for name, objects := range manifests(t) {
		for _, object := range objects {
			if namespace, is := object.(*corev1.Namespace); is {
				if namespace.Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
					t.Errorf("%s: pods of the namespace may do what they like", name)
				}
				continue
			}
			if of := object.(metav1.Object).GetNamespace(); of != "baton-planetscale" {
				t.Errorf("%s: %T is in the namespace %q", name, object, of)
			}
		}
	}
}

func TestPodsAreReachedByNobodyAndReachNoAddressOfTheCluster(t *testing.T) {
	policies := 0
	for _, object := range manifests(t)["kubernetes.yaml"] {
		policy, is := object.(*networkingv1.NetworkPolicy)
		if !is {
			continue
		}
		policies++
		if len(policy.Spec.PodSelector.MatchLabels) != 0 || len(policy.Spec.PolicyTypes) != 2 {
			t.Errorf("the policy leaves out pods or a way: %+v", policy.Spec)
		}
		for _, way := range policy.Spec.Ingress {
			if len(way.From) == 0 {
				t.Error("everybody may come in")
			}
		}
		for _, way := range policy.Spec.Egress {
			if len(way.To) == 0 || len(way.Ports) == 0 {
				t.Error("a way out leads everywhere")
			}
			for _, to := range way.To {
				if to.IPBlock != nil && len(to.IPBlock.Except) == 0 {
					t.Errorf("%s reaches the cluster's own addresses", to.IPBlock.CIDR)
				}
			}
		}
	}
	if policies != 1 {
		t.Errorf("there are %d policies", policies)
	}
}
