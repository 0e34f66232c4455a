// Reads workbooks with SheetJS, and says as JSON what it sees: by file and sheet, the text of each cell that has one.
// With --write, writes a workbook of its own making to that file instead.
const XLSX = require("xlsx");
const files = process.argv.slice(2);
if (files[0] === "--write") {
  const sheet = XLSX.utils.aoa_to_sheet([["姓名", "人数"], ["张三", 3], ["李四", 5], ["王五", 2]]);
  sheet["!cols"] = [{ wch: 20 }];
  sheet["!merges"] = [XLSX.utils.decode_range("D1:E2")];
  XLSX.utils.cell_add_comment(sheet.A2, "家长已联系", "李老师");
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, "Sheet1");
  XLSX.writeFile(book, files[1]);
} else {
  const seen = {};
  for (const file of files) {
    const book = XLSX.readFile(file, { cellNF: false });
    seen[file] = book.SheetNames.map((name) => {
      const sheet = book.Sheets[name];
      const texts = Object.entries(sheet).filter(([key, cell]) => key[0] !== "!" && cell.t === "s" && !cell.f);
      const comments = Object.entries(sheet).filter(([key, cell]) => key[0] !== "!" && cell.c);
      return [name, Object.fromEntries(texts.map(([key, cell]) => [key, cell.v])), comments.map(([key]) => key).sort()];
    });
  }
  process.stdout.write(JSON.stringify(seen));
}
