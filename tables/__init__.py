"""Tables of data shown as pages: the first rows of CSV, XLSX and ODS files."""
