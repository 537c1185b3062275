// The messages of errors.ts in German, for pages. The API answers in English.

export const GERMAN_ERRORS = {
  'bad-request': 'Die Anfrage ist fehlerhaft. /api/v1/openapi.json beschreibt, was möglich ist.',
  'not-signed-in': 'Dafür ist ein Token nötig. Senden Sie es als „Authorization: Bearer hit_…“, oder melden Sie sich an.',
  'token-in-address':
    'Token in Adressen werden ignoriert, weil Adressen protokolliert werden. Senden Sie es als „Authorization: Bearer hit_…“.',
  'unknown-token': 'Dieses Token ist unbekannt oder wurde widerrufen. Erstellen Sie ein anderes mit „hitherto token add“.',
  'session-ended': 'Ihre Sitzung ist abgelaufen. Melden Sie sich wieder an.',
  'share-locked': 'Diese freigegebene Seite braucht ein Passwort. Öffnen Sie den Link im Browser, um es einzugeben.',
  'share-over': 'Dieser Link wurde widerrufen oder ist abgelaufen.',
  'person-needed': 'Das kann nur eine Person, die sich mit einem Passwort angemeldet hat, kein Token.',
  'not-shared': 'Dieser Link zeigt diesen Bericht nicht. Bitten Sie die Person, die ihn geschickt hat, um einen anderen.',
  'not-allowed': 'Das dürfen Sie nicht. Eine Person, der die Website gehört, oder ein Betreiber kann es.',
  'sites-limit': 'Ihnen gehören so viele Websites, wie Sie haben dürfen. Ein Betreiber dieses Dienstes kann die Grenze anheben.',
  'hits-limit':
    'Ihre Websites haben die Grenze der Zugriffe in diesem Monat erreicht, darum können Sie keine weitere anlegen. ' +
    'Alle Zugriffe werden weiter gezählt. Ein Betreiber dieses Dienstes kann die Grenze anheben.',
  'other-origin': 'Diese Anfrage kam von einer anderen Website. Benutzen Sie das Formular auf der Seite selbst.',
  'direct-owner-needed': 'Das kann nur eine Person, der die Website ohne Team gehört, oder ein Betreiber.',
  'not-found': 'Hier gibt es nichts. Prüfen Sie die Adresse.',
  'set-up-already':
    'Dieser Dienst ist schon eingerichtet, darum gilt dieser Link nicht mehr. Melden Sie sich auf der Startseite an.',
  'unknown-site': 'Diese Website gibt es nicht, oder Sie haben keinen Zugang. Die Startseite zeigt Ihre Websites.',
  'damaged-site':
    'Die Einstellungen dieser Website sind im Speicher beschädigt. „hitherto site list“ erklärt, was falsch ist ' +
    'und was zu tun ist.',
  'site-id-taken':
    'Diese Kennung ist oder war hier eine Website, und Kennungen werden nie wieder verwendet. Wählen Sie eine andere.',
  'unknown-token-prefix': 'Für diese Website gibt es kein solches Token.',
  'unknown-share': 'Für diese Website gibt es keinen solchen Freigabelink.',
  'unknown-annotation': 'Diese Website hat keine solche Anmerkung.',
  'unknown-member': 'Diese Person ist kein Mitglied der Website.',
  'unknown-team': 'Sie sind in keinem solchen Team. Die Seite „Teams“ zeigt Ihre Teams.',
  'team-full': 'Das Team ist voll: Es hat so viele Websites oder Mitglieder, wie ein Team haben darf.',
  'teams-limit': 'Ihnen gehören so viele Teams, wie eine Person haben darf. Löschen Sie eines, das Sie nicht brauchen.',
  'last-owner': 'Sonst gehört die Website niemandem. Geben Sie zuerst einer anderen Person die Rolle „Inhaber“.',
  'password-needed':
    'Ihr Konto hat kein Passwort, darum könnte sich niemand mehr damit anmelden. Wählen Sie zuerst ein Passwort.',
  'only-operator':
    'Nur Sie betreiben diesen Dienst, darum kann Ihr Konto nicht gelöscht werden. Machen Sie zuerst eine andere Person zum ' +
    'Betreiber.',
  'too-many': 'Davon gibt es schon zu viele. Entfernen Sie zuerst einige.',
  'unknown-report': 'Diesen Bericht gibt es nicht. /api/v1/openapi.json zählt alle auf.',
  'too-often': 'Das waren zu viele Anfragen in kurzer Zeit. Warten Sie einige Minuten.',
  'too-many-live-views':
    'Mit diesem Token oder von Ihrer Adresse sind zu viele Live-Ansichten geöffnet. Schließen Sie einige, ' +
    'oder versuchen Sie es in einer Minute noch einmal.',
  'store-away':
    'Der Speicher antwortet gerade nicht. Zugriffe werden weiter aufgezeichnet. Versuchen Sie es in einer Minute noch einmal.',
  'too-many-reports': 'Gerade werden zu viele Berichte erstellt. Versuchen Sie es in einigen Sekunden noch einmal.',
  'too-busy': 'Gerade werden zu viele Passwörter geprüft. Versuchen Sie es in einigen Sekunden noch einmal.',
  'too-many-watchers':
    'Zu viele Live-Ansichten sind geöffnet. Schließen Sie einige, oder versuchen Sie es in einer Minute noch einmal.',
  internal: 'Ein interner Fehler ist aufgetreten und wurde protokolliert. Versuchen Sie es noch einmal.',
};
