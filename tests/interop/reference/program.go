package reference

// The connector as a whole program of the SDK, command line and service mode included.

import (
	"context"

	"github.com/conductorone/baton-sdk/pkg/cli"
	"github.com/conductorone/baton-sdk/pkg/config"
	"github.com/conductorone/baton-sdk/pkg/connectorbuilder"
	"github.com/conductorone/baton-sdk/pkg/field"
	"github.com/spf13/viper"
)

var (
	serviceToken = field.StringField("planetscale-service-token", field.WithRequired(true), field.WithIsSecret(true))
	apiURL       = field.StringField("planetscale-api-url", field.WithRequired(true))
	databasesToo = field.BoolField("planetscale-databases")
)

// Program runs what the command line and the environment ask for, and ends the process.
func Program(ctx context.Context) {
	schema := field.NewConfiguration([]field.SchemaField{serviceToken, apiURL, databasesToo})
	config.RunConnector(ctx, "baton-planetscale-reference", "0.0.0", schema, open)
}

func open(_ context.Context, values *viper.Viper, _ *cli.ConnectorOpts) (connectorbuilder.ConnectorBuilderV2, []connectorbuilder.Opt, error) {
	c := newClient(values.GetString(apiURL.FieldName), values.GetString(serviceToken.FieldName))
	return &connector{client: c, databases: values.GetBool(databasesToo.FieldName)}, nil, nil
}
