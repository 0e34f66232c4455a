"""The columns of very many records, held in a few bytes a cell and unpacked where they are asked for."""
