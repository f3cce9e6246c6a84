'use strict';
// Only what reading does without: search within a view, and the order of rows.
for (const view of document.querySelectorAll('section[data-find]')) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  const told = document.createElement('span');
  label.className = 'find';
  input.type = 'search';
  input.placeholder = 'Search ' + view.dataset.find;
  input.setAttribute('aria-label', input.placeholder);
  told.className = 'soft small';
  told.setAttribute('role', 'status');
  label.append(input, told);
  view.querySelector('.card').before(label);
  const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  let cards;
  input.addEventListener('input', () => {
    cards ??= [...view.querySelectorAll('.card')].map(card => ({
      card,
      head: plain(card.querySelector('header').textContent),
      rows: [...card.querySelectorAll('tbody tr')].map(row => ({ row, text: plain(row.textContent) })),
    }));
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const all = text => words.every(word => text.includes(word));
    let shown = 0;
    for (const { card, head, rows } of cards) {
      const whole = all(head);
      let some = whole;
      for (const { row, text } of rows) {
        const is = whole || all(head + ' ' + text);
        row.hidden = !is;
        some ||= is;
      }
      card.hidden = !some;
      shown += some ? 1 : 0;
    }
    told.textContent = words.length ? shown + ' of ' + cards.length : '';
  });
}
for (const table of document.querySelectorAll('table.rows')) {
  const body = table.tBodies[0];
  if (body.rows.length < 3) continue;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const key = row => row.cells[at].textContent.trim();
      const order = new Intl.Collator(undefined, { numeric: true });
      const rows = [...body.rows].map(row => [key(row), row]).sort((a, b) => order.compare(a[0], b[0]));
      if (!up) rows.reverse();
      body.append(...rows.map(([, row]) => row));
    });
  });
}
