"""The catalogue as an Excel workbook: written whole, read whole, every fault named by sheet, row and column."""
