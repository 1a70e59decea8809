/** The page of the local network: shows its state once a second and sends what is clicked. */

const REFRESH_MS = 1_000;
const SHOWN_LOG = 30;

const $ = (id) => document.getElementById(id);

// The token comes behind the # of the printed address, which no server sees, and stays in this tab.
let token = location.hash.slice(1) || sessionStorage.getItem('token') || '';
if (location.hash) history.replaceState(null, '', location.pathname);
if (token) sessionStorage.setItem('token', token);

let logFrom = 0;
const failed = [];

class Refused extends Error {}

async function call(method, path, body) {
  const headers = { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (response.status === 401) throw new Refused('The token is not that of this network.');
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Makes an element: attributes, `on…` listeners, then children. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const tag = (kind, text) => el('span', { class: `tag ${kind}` }, text);
const number = (value) => (value === null ? '–' : Number(value).toLocaleString('en'));

/** A button that sends something and then shows the new state. */
function act(label, method, path, body, name = label) {
  return el(
    'button',
    {
      class: 'quiet',
      type: 'button',
      'aria-label': name,
      title: name,
      'data-key': `${method} ${path}`,
      onclick: (event) => send(event.currentTarget, () => call(method, path, body)),
    },
    label,
  );
}

async function send(button, work) {
  button.disabled = true;
  try {
    await work();
    say('');
  } catch (error) {
    say(error.message);
  }
  button.disabled = false;
  await refresh();
}

function say(text) {
  $('message').textContent = text;
  $('message').hidden = text === '';
}

/** Puts new rows in place of old ones without losing the focus. */
function fill(id, rows) {
  const key = document.activeElement?.getAttribute('data-key');
  $(id).replaceChildren(...rows);
  if (key)
    $(id)
      .querySelector(`[data-key="${CSS.escape(key)}"]`)
      ?.focus();
}

function stateOfNode({ alive, rules, settling, epoch, shards }, now) {
  if (!alive) return tag('bad', 'dead');
  if (rules.some(({ action }) => action.type === 'refuse')) return tag('bad', 'port closed');
  const moving = (shards.inTransfer ?? 0) + (shards.inRecovery ?? 0);
  if (moving > 0) return tag('warn', `${moving} shards to fill`);
  if (epoch !== now) return tag('warn', `epoch ${epoch}`);
  if (rules.length > 0) return tag('warn', 'faulty');
  if (settling) return tag('warn', 'busy');
  return tag('ok', 'well');
}

const faultsOf = (rules, hits) => {
  const names = rules.map(({ action }, i) => `${action.type}${hits[i] ? ` ×${hits[i]}` : ''}`);
  return names.length === 0 ? el('span', { class: 'empty' }, 'none') : names.join(', ');
};

/** Rows of a table, or one that says that there are none. */
const rowsOr = (rows, columns, text) =>
  rows.length > 0 ? rows : [el('tr', {}, el('td', { colspan: columns, class: 'empty' }, text))];

/** The faults of chain and full node that are on, such as `finalityDelayMs 3,000`. */
const chainFaultsOf = (faults) =>
  Object.entries(faults)
    .filter(([name, value]) => name !== 'refuseAs' && value !== null && value !== 0)
    .map(([name, value]) => [name, typeof value === 'number' ? number(value) : toText(value)])
    .filter(([, text]) => text !== '')
    .map((each) => each.join(' '))
    .join(', ');
const toText = (value) => (Object.keys(value).length === 0 ? '' : JSON.stringify(value));

const cell = (content, kind) => el('td', kind ? { class: kind } : {}, content);

function nodeRow(node, epoch) {
  const path = `/admin/nodes/${node.index}`;
  const { name, alive } = node;
  return el(
    'tr',
    {},
    cell(el('span', { title: node.nodeId }, name, ' ', el('small', {}, node.address))),
    cell(stateOfNode(node, epoch)),
    cell(number(node.weight), 'number'),
    cell(number(node.blobs), 'number'),
    cell(number(node.slivers), 'number'),
    cell(faultsOf(node.rules, node.hits)),
    cell(
      el(
        'span',
        {},
        alive
          ? act('Kill', 'POST', `${path}/kill`, undefined, `Kill ${name}`)
          : act('Start', 'POST', `${path}/start`, undefined, `Start ${name}`),
        ' ',
        alive
          ? act('Wipe', 'POST', `${path}/wipe`, undefined, `Wipe the disk of ${name}`)
          : undefined,
        ' ',
        act('Retire', 'POST', `${path}/retire`, undefined, `Take the stake from ${name}`),
        ' ',
        node.rules.length > 0
          ? act('Heal', 'PUT', `${path}/fault`, [], `End the faults of ${name}`)
          : undefined,
      ),
    ),
  );
}

function serviceRow({ name, alive, rules, hits, requests }) {
  const path = `/admin/services/${name}`;
  return el(
    'tr',
    {},
    cell(name),
    cell(!alive ? tag('bad', 'dead') : rules.length > 0 ? tag('warn', 'faulty') : tag('ok', 'up')),
    cell(number(requests), 'number'),
    cell(faultsOf(rules, hits)),
    cell(
      el(
        'span',
        {},
        alive
          ? act('Kill', 'POST', `${path}/kill`, undefined, `Kill ${name}`)
          : act('Start', 'POST', `${path}/start`, undefined, `Start ${name}`),
        ' ',
        rules.length > 0
          ? act('Heal', 'PUT', `${path}/fault`, [], `End the faults of ${name}`)
          : undefined,
      ),
    ),
  );
}

function blobRow({ blobId, objectId, size, deletable, certifiedEpoch, endEpoch }, epoch) {
  const ended = endEpoch !== undefined && endEpoch <= epoch;
  const state = ended
    ? tag('', 'expired')
    : certifiedEpoch === undefined
      ? tag('warn', 'registered')
      : tag('ok', `certified in ${certifiedEpoch}`);
  return el(
    'tr',
    {},
    cell(el('span', { class: 'mono', title: objectId }, blobId)),
    cell(number(size), 'number'),
    cell(el('span', {}, state, deletable ? ' deletable' : '')),
    cell(endEpoch === undefined ? '–' : `${endEpoch}`, 'number'),
  );
}

function logRow({ t, node, method, path, status, ms, fault }) {
  return el(
    'tr',
    {},
    cell(new Date(t).toLocaleTimeString('en', { hour12: false })),
    cell(`node-${node}`),
    cell(el('span', { class: 'mono' }, `${method} ${path}`)),
    cell(status === 0 ? 'none' : `${status}`, 'number'),
    cell(number(Math.round(ms)), 'number'),
    cell(fault ?? ''),
  );
}

function presetSwitch({ name, sentence }, current) {
  const isOn = name === current;
  return el(
    'button',
    {
      type: 'button',
      role: 'switch',
      'aria-checked': String(isOn),
      'data-key': `preset ${name}`,
      onclick: (event) =>
        send(event.currentTarget, () =>
          isOn ? call('DELETE', '/admin/preset') : call('POST', '/admin/preset', { name }),
        ),
    },
    el('span', { class: 'switch' }),
    name,
    el('small', {}, sentence),
  );
}

const EPOCH_STATES = {
  sync: ({ weight }, { shardCount }) => `shards are moving: ${weight} of ${shardCount} in place`,
  done: () => 'running',
  'next-selected': () => 'running, next committee is chosen',
};

function inWords(ms) {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function show(state) {
  const { epoch, epochState, prices, capacity, nodes, services, blobs, dueMs, nowMs } = state;
  const well = nodes.filter(({ alive }) => alive).length;
  $('summary').textContent =
    `Epoch ${epoch} · ${well} of ${nodes.length} nodes alive · ${state.shardCount} shards · ` +
    `${blobs.count} blobs · ${state.preset ?? 'a good day'}`;
  const facts = {
    Epoch: `${epoch}, ${EPOCH_STATES[epochState.kind](epochState, state)}`,
    'Next step':
      dueMs === undefined ? 'when the shards are in place' : `in ${inWords(dueMs - nowMs)}`,
    'Chain time': new Date(nowMs).toLocaleString('en', { hour12: false }),
    'Storage price': `${number(prices.storage)} FROST per MiB and epoch`,
    'Write price': `${number(prices.write)} FROST per MiB`,
    Capacity: `${number(capacity.used)} of ${number(capacity.total)} bytes`,
    Transactions: number(state.transactions),
    'Chain faults': chainFaultsOf(state.chainFaults) || 'none',
    Tip: typeof state.tip === 'string' ? 'none' : JSON.stringify(state.tip.send_tip.kind),
  };
  $('facts').replaceChildren(
    ...Object.entries(facts).flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]),
  );
  for (const name of ['storage', 'write']) {
    const input = $('price').elements[name];
    if (document.activeElement !== input && !input.dataset.touched) input.value = prices[name];
  }
  fill(
    'presets',
    state.presets.map((preset) => presetSwitch(preset, state.preset)),
  );
  fill(
    'nodes',
    nodes.map((node) => nodeRow(node, epoch)),
  );
  fill('services', services.map(serviceRow));
  fill(
    'blobs',
    rowsOr(
      blobs.newest.map((blob) => blobRow(blob, epoch)),
      4,
      'Nothing is stored yet.',
    ),
  );
  const held = [...nodes, ...services].flatMap(({ name: at, held }) =>
    held.map((name) => ({ at, name })),
  );
  fill(
    'held',
    held.length === 0
      ? [el('li', { class: 'empty' }, 'Nothing waits.')]
      : held.map(({ at, name }) =>
          el(
            'li',
            {},
            `${name} at ${at} `,
            act('Release', 'POST', '/admin/release', { name }, `Release ${name}`),
          ),
        ),
  );
}

async function refresh() {
  if (!token) {
    $('login').hidden = false;
    $('summary').textContent = 'The control page wants the admin token.';
    return;
  }
  try {
    const [state, log] = await Promise.all([
      call('GET', '/admin/state'),
      call('GET', `/admin/log?since=${logFrom}`),
    ]);
    show(state);
    logFrom = log.next;
    failed.push(
      ...log.entries.filter(({ status, fault }) => fault || status === 0 || status >= 400),
    );
    failed.splice(0, failed.length - SHOWN_LOG);
    fill('log', rowsOr([...failed].reverse().map(logRow), 6, 'None so far.'));
    $('login').hidden = true;
    $('all').hidden = false;
  } catch (error) {
    if (error instanceof Refused) {
      token = '';
      sessionStorage.removeItem('token');
      $('all').hidden = true;
      $('login').hidden = false;
      say(error.message);
    } else {
      $('summary').textContent = 'The network does not answer.';
    }
  }
}

$('login').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  sessionStorage.setItem('token', token);
  say('');
  void refresh();
});
$('advance').addEventListener('click', (event) =>
  send(event.currentTarget, () => call('POST', '/admin/epoch')),
);
$('clock').addEventListener('click', (event) =>
  send(event.currentTarget, () => call('POST', '/admin/clock', { advanceMs: 3_600_000 })),
);
$('price').addEventListener('input', (event) => {
  event.target.dataset.touched = 'yes';
});
$('price').addEventListener('submit', (event) => {
  event.preventDefault();
  const { storage, write } = event.target.elements;
  send(event.submitter, async () => {
    await call('POST', '/admin/price', { storage: storage.value, write: write.value });
    for (const input of [storage, write]) delete input.dataset.touched;
  });
});

await refresh();
setInterval(() => {
  if (!document.hidden) void refresh();
}, REFRESH_MS);
