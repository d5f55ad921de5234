"""One HTML file that shows what a build left: figures by SQL, charts by Vega, no script and no network."""
